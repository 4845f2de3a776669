"""What can happen to an intent: its partner's side is ``registering``, the reviewers' ``deciding``."""

from core.deals.deciding import approve as approve
from core.deals.deciding import reject as reject
from core.deals.deciding import return_ as return_
from core.deals.registering import resubmit as resubmit
from core.deals.registering import save_draft as save_draft
from core.deals.registering import submit as submit
from core.deals.registering import withdraw as withdraw
from core.deals.terms import NewDeal as NewDeal
from core.deals.terms import Terms as Terms
from core.deals.terms import by_plan as by_plan
from core.deals.terms import flat as flat
