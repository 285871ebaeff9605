"""For tools that only need the models: type checking, drawing migrations. Touches no file."""

from stepdown.config.settings.base import *  # noqa: F403
from stepdown.config.sign_in import *  # noqa: F403

SECRET_KEY = "for tools only, signs nothing"  # noqa: S105
