"""What the settings take from the pages: the names of the parts that draw and word every form."""

FORM_RENDERER = "stepdown.pages.forms.GovRenderer"
_ACCOUNT = "stepdown.pages.forms.account"
ACCOUNT_FORMS = {
    "login": f"{_ACCOUNT}.SignInForm",
    "change_password": f"{_ACCOUNT}.ChangePassword",
    "set_password": f"{_ACCOUNT}.SetPassword",
    "reset_password": f"{_ACCOUNT}.AskForReset",
    "reset_password_from_key": f"{_ACCOUNT}.ResetPassword",
    "reauthenticate": f"{_ACCOUNT}.ConfirmPassword",
}
MFA_FORMS = {
    "authenticate": f"{_ACCOUNT}.EnterCode",
    "reauthenticate": f"{_ACCOUNT}.ConfirmCode",
    "activate_totp": f"{_ACCOUNT}.TurnOnApp",
    "add_webauthn": f"{_ACCOUNT}.AddKey",
    "edit_webauthn": f"{_ACCOUNT}.RenameKey",
}
