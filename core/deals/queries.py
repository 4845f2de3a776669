"""Reading deals as the team does: ``listing`` has the queue and the lists, ``dossier`` one deal."""

from core.deals.dossier import DealDocument as DealDocument
from core.deals.dossier import Intent as Intent
from core.deals.dossier import PartnerRecord as PartnerRecord
from core.deals.dossier import PastDeal as PastDeal
from core.deals.dossier import ReviewRow as ReviewRow
from core.deals.dossier import Waiter as Waiter
from core.deals.dossier import intent as intent
from core.deals.listing import PAGE as PAGE
from core.deals.listing import Chosen as Chosen
from core.deals.listing import DealRow as DealRow
from core.deals.listing import DealsPage as DealsPage
from core.deals.listing import QueuePage as QueuePage
from core.deals.listing import SoldDeal as SoldDeal
from core.deals.listing import Sort as Sort
from core.deals.listing import chosen as chosen
from core.deals.listing import deals as deals
from core.deals.listing import review_queue as review_queue
