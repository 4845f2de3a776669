"""Every table there is: importing this fills ``Base.metadata``."""

from core.access import models as access
from core.audit import models as audit
from core.companies import models as companies
from core.db import Base
from core.engagement import models as engagement
from core.mail import models as mail
from core.partners import models as partners
from core.proposals import models as proposals
from core.timeline import models as timeline

__all__ = ["Base", "access", "audit", "companies", "engagement", "mail", "partners", "proposals", "timeline"]
