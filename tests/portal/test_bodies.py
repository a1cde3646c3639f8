"""Bodies that no form can have sent are refused before anything counts them."""

from urllib.parse import quote

import pytest
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.test import RequestFactory

from portal.bodies import BodyMiddleware

FORM = "application/x-www-form-urlencoded"


def view(request):
    return HttpResponse("reached")


def handle(request, target=view):
    middleware = BodyMiddleware(target)
    middleware.process_view(request, target, (), {})
    return middleware(request)


def post(body: str | bytes, content_type: str = FORM, **extra):
    return RequestFactory().post("/", body, content_type=content_type, **extra)


def test_lets_a_form_through():
    assert handle(post("code=４９３８１７&username=%E5%A4%A7")).content == b"reached"


@pytest.mark.parametrize(
    "body",
    [
        "code=493%00817",
        "code=%ED%A0%80",
        "code=%FF%FE",
        "code=1&code=2",
        "code[]=1",
        f"{quote('na' + chr(0) + 'me')}=1",
    ],
)
def test_refuses(body):
    with pytest.raises(BadRequest):
        handle(post(body))


@pytest.mark.parametrize("kind", ["application/json", "text/plain", ""])
def test_refuses_what_is_no_form(kind):
    with pytest.raises(BadRequest):
        handle(post("code=1", kind))


@pytest.mark.parametrize("query", ["next=/%00", "next=/%ff", "a=1&a=2", "a[]=1"])
def test_refuses_a_query_alike(query):
    with pytest.raises(BadRequest):
        handle(RequestFactory().get(f"/?{query}"))


def test_refuses_ten_megabytes_unread():
    request = post(b"code=" + b"1" * 10_000_000)
    with pytest.raises(BadRequest):
        BodyMiddleware(view)(request)
    assert not request._read_started


@pytest.mark.parametrize("length", ["-1", "many"])
def test_refuses_an_odd_length(length):
    with pytest.raises(BadRequest):
        BodyMiddleware(view)(post("code=1", CONTENT_LENGTH=length))


def test_refuses_a_lone_surrogate_of_a_multipart_form():
    body = '--b\r\nContent-Disposition: form-data; name="code"\r\n\r\n\udc80\r\n--b--\r\n'
    request = post(body.encode(errors="surrogatepass"), "multipart/form-data; boundary=b")
    with pytest.raises(BadRequest):
        handle(request)


def test_leaves_a_view_that_reads_the_raw_body_alone():
    def webhook(request):
        return HttpResponse(request.body)

    webhook.raw_body = True
    assert handle(post("Body=a&Body=b"), webhook).content == b"Body=a&Body=b"


@pytest.mark.django_db
def test_an_address_that_no_table_takes_is_nobodys(client):
    assert client.get("/login/%00/").status_code == 404
