"""What every answer tells the browser not to do."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

Answer = Callable[[HttpRequest], HttpResponse]
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
# A page that shows a map centres it on a record, never on the reader.
UNUSED = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media",
    "fullscreen", "geolocation", "gyroscope", "hid", "idle-detection", "magnetometer", "microphone",
    "midi", "payment", "picture-in-picture", "screen-wake-lock", "serial", "usb",
    "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS = ", ".join(
    [
        *(f"{feature}=()" for feature in UNUSED),
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]
)


class HeadersMiddleware:
    """Pages are never kept by a browser or a proxy: the next person at a shared phone presses
    "back" in vain. Styles and scripts are answered before this, and are kept for long."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # No page answers to anything else; TRACE would show a browser its own secret headers.
        known = request.method in METHODS
        answer = self.get_response(request) if known else HttpResponseNotAllowed(METHODS)
        answer["Permissions-Policy"] = PERMISSIONS
        answer["Cross-Origin-Resource-Policy"] = "same-origin"
        answer["Cache-Control"] = "no-store, private"
        found = request.resolver_match
        if found and found.view_name == "account_logout" and request.method == "POST":
            answer["Clear-Site-Data"] = '"cache", "storage"'
        return answer
