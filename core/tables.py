"""Every table there is: importing this fills ``Base.metadata``."""

from core.access import models as access
from core.audit import models as audit
from core.companies import models as companies
from core.contacts import models as contacts
from core.db import Base
from core.deals import models as deals
from core.engagement import models as engagement
from core.library import models as library
from core.mail import models as mail
from core.meetings import models as meetings
from core.nda import models as nda
from core.partners import models as partners
from core.proposals import models as proposals
from core.questions import models as questions
from core.timeline import models as timeline
from core.training import models as training
from core.vault import models as vault

__all__ = [
    "Base",
    "access",
    "audit",
    "companies",
    "contacts",
    "deals",
    "engagement",
    "library",
    "mail",
    "meetings",
    "nda",
    "partners",
    "proposals",
    "questions",
    "timeline",
    "training",
    "vault",
]
