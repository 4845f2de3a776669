"""What tests of the author's side of training share: pressing, typing, and what is kept."""

from streamlit.testing.v1 import AppTest

from core.actor import Actor
from core.training import queries
from core.training.models import TrainingModule
from core.training.queries import ModuleDetail
from tests.core.training_acts import ask
from tests.screens import texts


def press(screen: AppTest, label: str) -> AppTest:
    """Press a button; of several with one label the last, which is the dialog's."""
    found: AppTest = [button for button in screen.button if button.label == label][-1].click().run()
    assert not found.exception, found.exception
    return found


def labels(screen: AppTest) -> set[str]:
    return {button.label for button in screen.button}


def type_in(screen: AppTest, label: str, text: str) -> AppTest:
    """Type into the input of that name, and leave it."""
    inputs = [one for one in [*screen.text_area, *screen.text_input] if one.label.startswith(label)]
    found: AppTest = inputs[0].set_value(text).run()
    assert not found.exception, found.exception
    return found


def typed_in(screen: AppTest, label: str) -> str:
    inputs = [one for one in [*screen.text_area, *screen.text_input] if one.label.startswith(label)]
    return str(inputs[0].value)


def kept(by: Actor, module: TrainingModule) -> ModuleDetail:
    found: ModuleDetail = ask(by, queries.module, module.id)
    return found


def told(screen: AppTest) -> str:
    """What a page says, without what keeps markdown from reading it."""
    return texts(screen).replace("\\", "")
