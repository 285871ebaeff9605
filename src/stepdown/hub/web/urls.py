from django.urls import path
from django.views.i18n import set_language

from stepdown.hub.web import accounts, home, hub, keys, statements, tokens

urlpatterns = [
    path("", home.home, name="home"),
    path("about/", statements.about, name="about"),
    path("accessibility/", statements.accessibility, name="accessibility"),
    path("privacy/", statements.privacy, name="privacy"),
    path(".well-known/security.txt", statements.security_txt, name="security-txt"),
    path("language/", set_language, name="set_language"),
    path("account/tokens/", tokens.index, name="tokens"),
    path("account/tokens/add/", tokens.add, name="token-add"),
    path("account/tokens/<uuid:id>/revoke/", tokens.revoke, name="token-revoke"),
    path("hub/", hub.hub, name="hub"),
    path("hub/seals/", hub.seals, name="hub-seals"),
    path("hub/keys/", keys.keys, name="hub-keys"),
    path("hub/failed-messages/", hub.failed_messages, name="hub-failed-messages"),
    path("hub/accounts/", accounts.accounts, name="hub-accounts"),
    path("hub/accounts/add/", accounts.add_account, name="hub-add-account"),
    path("hub/accounts/<uuid:user_id>/", accounts.account, name="hub-account"),
    path("hub/accounts/<uuid:user_id>/close/", accounts.close_account, name="hub-close-account"),
    path("hub/accounts/<uuid:user_id>/give-role/", accounts.give_role, name="hub-give-role"),
    path(
        "hub/accounts/<uuid:user_id>/tokens/<uuid:id>/revoke/",
        tokens.revoke_of,
        name="hub-revoke-token",
    ),
    path(
        "hub/accounts/<uuid:user_id>/roles/<uuid:membership_id>/end/",
        accounts.end_role,
        name="hub-end-role",
    ),
]
