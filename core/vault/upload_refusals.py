"""Why a file is not taken in; each says what to do."""

from core.errors import Invalid


class FileRefused(Invalid):
    """This file cannot be taken in."""


class FileEmpty(FileRefused):
    """The file is empty. Choose another one."""


class FileTooBig(FileRefused):
    """Maximum {most} MB. Make the file smaller, or split it."""


class NotThatKind(FileRefused):
    """This is not {claimed} (it looks like {found}). Choose the right file."""


class KindNotAccepted(FileRefused):
    """This looks like {found}, which is not accepted. Choose a PDF, an Office file, an image or a text."""


class PasswordFirst(FileRefused):
    """Remove the password first, then upload the file again."""


class ExpandsTooMuch(FileRefused):
    """File expands too much to be checked. Save it anew in a simpler form."""


class TooManyPages(FileRefused):
    """This PDF has more than {most} pages. Split it and upload the parts."""


class RunsCode(FileRefused):
    """This file carries {what}, which could do harm. Save it without and upload that."""


class FileDamaged(FileRefused):
    """This {kind} is cut off or damaged. Open it, save it anew and upload that."""


class NotUtf8(FileRefused):
    """This text is not in UTF-8. Save it as UTF-8 and upload it again."""
