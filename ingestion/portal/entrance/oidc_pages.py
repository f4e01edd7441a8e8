"""The pages of a sign-in by the provider of an organisation: there, and back again."""

from anyio import to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from ingestion.languages import phrase
from ingestion.portal.entrance import access, oidc
from ingestion.portal.entrance.sign_in_pages import TOO_MANY, begin_session
from ingestion.portal.web.addresses import portal_url
from ingestion.portal.web.guard import origin_of, reader_language
from ingestion.portal.web.rendering import refusal

START, BACK = "/sign-in/oidc", "/sign-in/oidc/back"
NOT_INVITED = phrase(
    "Your organisation knows you, but you have not been invited here, or your account is closed. Ask your steward."
)
NOT_SIGNED_IN = phrase("The sign-in of your organisation did not come to its end. Please begin again.")
NOT_REACHED = phrase("The sign-in of your organisation cannot be reached just now. Please try again later.")
router = APIRouter()


@router.get(START)
async def there(request: Request) -> Response:
    """Lead to the provider."""
    import httpx

    settings = access.settings_of(request)
    if not _may_try(request):
        return _refused(request, 429, TOO_MANY)
    try:
        answer: Response = await oidc.client_of(settings).authorize_redirect(request, portal_url(settings) + BACK)
    except httpx.HTTPError:
        return _refused(request, 503, NOT_REACHED)
    return answer


@router.get(BACK)
async def back(request: Request) -> Response:
    """Begin a session for whom the provider sends back, if that person may come in."""
    import httpx
    from authlib.integrations.base_client import OAuthError
    from joserfc.errors import JoseError

    settings = access.settings_of(request)
    if not _may_try(request):
        return _refused(request, 429, TOO_MANY)
    try:
        client, only = oidc.client_of(settings), oidc.issuer_only(settings)
        token = await client.authorize_access_token(request, claims_options=only)
        account = await to_thread.run_sync(oidc.account_for, settings, dict(token["userinfo"]))
    except oidc.NotInvited:
        return _refused(request, 403, NOT_INVITED)
    except httpx.HTTPError:
        return _refused(request, 503, NOT_REACHED)
    except (OAuthError, JoseError, KeyError):
        return _refused(request, 401, NOT_SIGNED_IN)
    return begin_session(request, account)


def _may_try(request: Request) -> bool:
    return bool(request.app.state.sign_ins.allows(origin_of(request)))


def _refused(request: Request, status_code: int, sentence: str) -> Response:
    return refusal(request, status_code, reader_language(request).say(sentence))
