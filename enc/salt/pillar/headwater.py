"""
An external pillar and a top from a Headwater server: all values and all states of one minion, by its id.

.. code-block:: yaml

    extension_modules: /srv/salt/extension_modules   # this file is there as pillar/headwater.py and tops/headwater.py
    ext_pillar:
      - headwater:
          url: http://127.0.0.1:8470
          token_file: /etc/salt/headwater.token
    master_tops:
      headwater: {}

Whatever keeps the whole pillar from arriving raises, so that Salt notes an error in it and ``state.apply``
refuses: states that run with an empty pillar take the wrong values. For the same reason there is no
``__virtual__`` here, because Salt passes over an external pillar that is not loaded. Salt also passes over a top
that raises, and applies the rest of the highstate; so a top that cannot be had names a state that does not exist.
"""

import http.client
import json
import logging
import os
import re
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request

VERSION = "0.1.0"
CLIENT_CONF = "/etc/headwater/client.conf"
KEYS = ("url", "token", "ca", "cert", "key", "cache", "max_age")
log = logging.getLogger(__name__)

LARGEST = 16 * 1024 * 1024  # bytes; the server's own bound for a body


class HeadwaterError(Exception):
    """There is no whole document; the text says which address was asked and what came back."""


def ext_pillar(
    minion_id,
    pillar,  # pylint: disable=unused-argument
    **options,
):
    """
    Return the minion's ``vars`` and ``headwater``.

    url, ca, cert, key
        The server, and PEM files for TLS. What is not given comes from HEADWATER_URL, HEADWATER_CA or client.conf.
    token_file
        A file with the token alone. Without it, HEADWATER_TOKEN or client.conf.
    timeout
        Seconds for the whole request.
    missing
        For a minion that the server does not know: ``refuse`` raises, ``empty`` returns no values.
    """
    return _document("pillar", "headwater", minion_id, **options) or {}


def top(**kwargs):
    """
    Return the names of the minion's states, by environment.

    Its options are those of the external pillar and stand under ``master_tops: headwater:``; if none stand there,
    those of ``ext_pillar`` hold.
    """
    minion_id = kwargs["opts"]["id"]
    try:
        document = _document("salt/top", "classes", minion_id, **_top_options())
    except Exception as error:  # pylint: disable=broad-except
        log.error("Headwater's top: %s", error)
        # Salt takes the name for a pattern. No file is called so.
        return {"base": ["headwater: " + re.sub(r"[*?\[\]\s]+", " ", str(error))]}
    return {document["environment"]: document["classes"]} if document else {}


def _top_options():
    given = __opts__["master_tops"]["headwater"]  # pylint: disable=undefined-variable
    if given:
        return given
    pillars = __opts__.get("ext_pillar", [])  # pylint: disable=undefined-variable
    return next((entry["headwater"] for entry in pillars if isinstance(entry.get("headwater"), dict)), {})


def _document(
    view,
    mark,
    minion_id,
    url=None,
    token_file=None,
    ca=None,
    cert=None,
    key=None,
    timeout=5,
    missing="refuse",
):
    """Return the minion's document, which has the key ``mark``; None for a minion that may be missing and is."""
    if missing not in ("refuse", "empty"):
        raise HeadwaterError(f"missing is {missing!r}, expected 'refuse' or 'empty'")
    settings = _settings(url=url, token_file=token_file, ca=ca, cert=cert, key=key)
    address = settings["url"].rstrip("/") + f"/{view}/" + urllib.parse.quote(minion_id, safe="")
    try:
        values = json.loads(_get(address, settings, timeout))
    except urllib.error.HTTPError as error:
        problem = _problem(error)
        # Another server's 404, or that of a wrong address, names no machine.
        if error.code == 404 and missing == "empty" and problem.get("certname") == minion_id:
            return None
        who = f"; {settings['identity']}" if error.code in (401, 403) else ""
        raise HeadwaterError(f"{_shown(address)} answered {error.code}{_reason(problem)}{who}") from None
    except ValueError as error:
        raise HeadwaterError(f"{_shown(address)} answered with something that is not whole JSON: {error}") from None
    except (OSError, http.client.HTTPException) as error:
        raise HeadwaterError(f"{_shown(address)} {_trouble(getattr(error, 'reason', error))}") from None
    if not isinstance(values, dict) or mark not in values:
        raise HeadwaterError(f"{_shown(address)} answered with a document that is not Headwater's")
    return values


def _settings(token_file, **given):
    """The options, over the environment, over client.conf, over the default address."""
    environment = {name: os.environ.get("HEADWATER_" + name.upper()) for name in ("url", "token", "ca")}
    if token_file:
        try:
            with open(token_file, encoding="utf-8") as file:
                given["token"] = file.read().strip()
        except OSError as error:
            raise HeadwaterError(f"cannot read token_file {token_file}: {error.strerror}") from None
    conf = _client_conf()
    if given.get("cert"):
        conf.pop("key", None)  # It belongs to the file's own certificate.
    settings = {"url": "http://127.0.0.1:8470"}
    for layer in (conf, environment, given):
        settings.update({name: value for name, value in layer.items() if value})
    settings["identity"] = _identity(settings, token_file, environment["token"])
    _check(settings["url"])
    token = settings.get("token", "")
    if not (token.isascii() and token.isprintable()):  # http.client would quote the whole header in its error
        raise HeadwaterError(f"the token contains a character that no token has; {settings['identity']}")
    return settings


def _check(url):
    """A wrong URL is not quoted, for it may hold a password."""
    try:
        parts = urllib.parse.urlsplit(url)
        is_whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole:
        raise HeadwaterError("the server's URL is malformed; expected http://HOST:PORT or https://HOST:PORT")
    if parts.username is not None:
        raise HeadwaterError(
            "the server's URL has a user and password in it, which are not sent; expected http://HOST:PORT, and a token "
            "in token_file"
        )


def _identity(settings, token_file, in_environment):
    """What proved, or did not, who asks: for messages."""
    if settings.get("token"):
        origin = token_file or ("HEADWATER_TOKEN" if in_environment else f"token= in {_conf_path()}")
        return f"the token is that of {origin}"
    if "cert" in settings:
        return f"the certificate is {settings['cert']}"
    return f"there is no token; token_file, HEADWATER_TOKEN or token= in {_conf_path()} gives one"


def _conf_path():
    return os.environ.get("HEADWATER_CONF", CLIENT_CONF)


def _client_conf():
    """The KEY=VALUE lines of client.conf; nothing if the default file cannot be read."""
    path = _conf_path()
    if not os.access(path, os.R_OK) and "HEADWATER_CONF" not in os.environ:
        return {}
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise HeadwaterError(f"cannot read {path}: {getattr(error, 'strerror', error)}") from None
    settings = {}
    for number, line in enumerate(lines, 1):
        key, equals, value = (part.strip() for part in line.partition("="))
        if not key and not equals or key.startswith("#"):
            continue
        if not equals:
            raise HeadwaterError(f"{path}:{number}: expected KEY=VALUE")
        if key not in KEYS:
            raise HeadwaterError(f"{path}:{number}: unknown key '{key}'; known are {', '.join(KEYS)}")
        if key == "max_age" and not re.fullmatch("[0-9]{0,9}", value):
            raise HeadwaterError(f"{path}:{number}: max_age is '{value}'; expected whole seconds, such as 3600")
        if value:
            settings[key] = value
    return settings


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The token goes to no other address than the one configured."""

    def redirect_request(self, *_arguments):
        return None


def _get(address, settings, timeout):
    """Return the body of a 200; raise OSError, of which HTTPError is one, for everything else."""
    handlers = [_NoRedirect]
    if address.startswith("https://"):
        handlers.append(urllib.request.HTTPSHandler(context=_trust(settings)))
    headers = {"Accept": "application/json", "User-Agent": f"headwater-salt/{VERSION}"}
    request = urllib.request.Request(address, headers=headers)
    if "token" in settings:
        request.add_unredirected_header("Authorization", "Bearer " + settings["token"])
    end = time.monotonic() + timeout
    with urllib.request.build_opener(*handlers).open(request, timeout=timeout) as response:
        body = b""
        while piece := response.read1(65536):
            body += piece
            if time.monotonic() > end:
                raise TimeoutError(f"no whole answer within {timeout} s")
            if len(body) > LARGEST:
                raise OSError(f"the answer is longer than {LARGEST} bytes")
        return body


def _trust(settings):
    """Whom to believe, and the certificate to show."""
    name = None
    try:
        for name in ("ca", "cert", "key"):
            if name in settings:
                open(settings[name], "rb").close()
        name = "ca"
        context = ssl.create_default_context(cafile=settings.get("ca"))
        if "cert" in settings:
            name = "cert"
            context.load_cert_chain(settings["cert"], settings.get("key"))
        return context
    except ssl.SSLError as error:
        raise HeadwaterError(_unusable(settings, name, error)) from None
    except OSError as error:
        raise HeadwaterError(f"cannot read {name}={settings.get(name)}: {error.strerror}") from None


def _unusable(settings, name, error):
    """Which file of ``ca``, or of ``cert`` and ``key``, is not what it should be: OpenSSL does not say."""
    if name == "ca":
        return f"ca={settings.get('ca')} is no PEM file of a certificate: {error.reason or error}"
    cert, key = settings["cert"], settings.get("key")
    if error.reason == "KEY_VALUES_MISMATCH":
        return f"key={key or cert} is not the key of cert={cert}"
    with open(cert, "rb") as file:
        if b"-----BEGIN CERTIFICATE-----" not in file.read():
            return f"cert={cert} is no PEM file of a certificate"
    if key is None:
        return f"cert={cert} has no private key in it; key= names the PEM file that has it"
    return f"key={key} is no PEM file of a private key"


def _trouble(error):
    """Why there is no answer."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"is not trusted: {error.verify_message}; ca= names a file of the authorities to trust"
    return f"gave no answer: {error}"


def _problem(error):
    """The problem document (RFC 9457) that came with a status; an empty one if none did."""
    try:
        problem = json.loads(error.read(65536))
    except (OSError, ValueError, http.client.HTTPException):
        return {}
    return problem if isinstance(problem, dict) else {}


def _reason(problem):
    """The reason in the server's own words."""
    if "detail" not in problem:
        return " with a document that is not Headwater's"
    return ": " + " ".join(str(problem["detail"]).split())


def _shown(address):
    """The address without a user and password, which are not for messages."""
    parts = urllib.parse.urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
