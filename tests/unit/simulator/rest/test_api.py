"""Addresses, TR ids, bodies: what the host takes, and how it refuses the rest."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipx.ports.transport import HttpRequest
from aipx.simulator.rest.api import ROUTES, plain_path
from aipx.wire.kis.codes import Environment
from tests.support.kis_user import (
    QUOTATIONS,
    SYMBOL,
    TRADING,
    WALL,
    KisUser,
    body_of,
    open_kis,
    settings,
)

HOST = open_kis()
USER = KisUser(HOST).log_in()
PAPER = KisUser(open_kis(of=settings(environment=Environment.PAPER))).log_in()
PRICE = f"{QUOTATIONS}/inquire-price"
QUERY = (("FID_COND_MRKT_DIV_CODE", "J"), ("FID_INPUT_ISCD", SYMBOL))


def ask(user=USER, **changes) -> dict:
    known = {
        "method": "GET",
        "path": PRICE,
        "headers": user.headers("FHKST01010100"),
        "query": QUERY,
    }
    return body_of(user.send(HttpRequest(**{**known, **changes})))


def test_doubled_slash_and_lower_case_query_names_are_taken():
    query = tuple((name.lower(), value) for name, value in QUERY)

    assert plain_path(f"/{PRICE}") == PRICE
    assert ask(path=f"/{PRICE}", query=query)["rt_cd"] == "0"


def test_header_names_are_taken_in_any_case():
    headers = {name.upper(): value for name, value in USER.headers("FHKST01010100").items()}

    assert ask(headers=headers)["rt_cd"] == "0"


def test_unknown_address_is_refused_in_kis_shape():
    response = USER.send(HttpRequest(method="GET", path="/nope", headers={}))

    assert response.status == 404
    assert body_of(response)["rt_cd"] == "1"


def test_wrong_method_is_refused():
    assert ask(method="POST")["msg_cd"] == "EGW00101"


def test_tr_id_of_another_address_is_refused():
    assert ask(headers=USER.headers("FHKST01010200"))["msg_cd"] == "OPSQ0002"


def test_every_order_tr_id_old_or_new_is_taken():
    upper = str(HOST.listings[SYMBOL].limits.upper)
    fields = {"PDNO": SYMBOL, "ORD_DVSN": "00", "ORD_QTY": "1", "ORD_UNPR": upper}

    for tr_id in ("TTTC0012U", "TTTC0802U", "TTTC0011U", "TTTC0801U"):
        assert USER.post("order-cash", tr_id, fields)["rt_cd"] == "0", tr_id
    for tr_id in ("TTTC0012U", "TTTC0802U"):
        assert PAPER.post("order-cash", tr_id, fields)["rt_cd"] == "0", tr_id


def test_real_tr_on_paper_and_paper_tr_on_real_are_refused():
    real = PAPER.headers("x") | {"tr_id": "TTTC8434R"}
    paper = USER.headers("x") | {"tr_id": "VTTC8434R"}
    path = f"{TRADING}/inquire-balance"

    assert ask(PAPER, path=path, headers=real)["msg_cd"] == "EGW02006"
    assert ask(USER, path=path, headers=paper)["msg_cd"] == "OPSQ0002"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"ORD_QTY": 1}', b'{"A": {"B": "1"}}', b"\xff\xfe", b'{"A": null}'],
)
def test_body_that_is_no_object_of_strings_is_refused_in_kis_shape(body):
    request = HttpRequest(
        method="POST",
        path=f"{TRADING}/order-cash",
        headers=USER.headers("TTTC0012U"),
        body=body,
    )

    response = USER.send(request)

    assert (response.status, body_of(response)["msg_cd"]) == (500, "IGW00007")


def test_hashkey_is_made_and_checked_when_it_is_sent():
    body = json.dumps({"CANO": "1"}).encode()
    made = body_of(
        USER.send(
            HttpRequest(method="POST", path="/uapi/hashkey", headers=USER.headers(""), body=body)
        )
    )
    order = USER.order_request("buy", 1, 70_000)
    headers = {**order.headers, "hashkey": made["HASH"]}

    wrong = HttpRequest(method="POST", path=order.path, headers=headers, body=order.body)
    right = HttpRequest(method="POST", path=order.path, headers=headers, body=body)

    assert made["BODY"] == {"CANO": "1"}
    assert body_of(USER.send(wrong))["msg_cd"] == "EGW00131"
    assert body_of(USER.send(right))["msg_cd"] != "EGW00131"


def test_content_that_is_not_json_is_refused():
    order = USER.order_request("buy", 1, 70_000)
    headers = {**order.headers, "content-type": "text/plain"}
    request = HttpRequest(method="POST", path=order.path, headers=headers, body=order.body)

    assert body_of(USER.send(request))["msg_cd"] == "EGW00132"


def test_rate_beyond_the_limit_is_http_500_with_its_code():
    host = open_kis(of=settings(requests_per_second_max=2))
    user = KisUser(host).log_in()

    answers = [user.balance()["msg_cd"] for _ in range(3)]

    assert answers == ["KIOK0510", "KIOK0510", "EGW00201"]


PATHS = st.sampled_from([*(route.path for route in ROUTES), "/oauth2/tokenP", "/uapi/hashkey", "/"])
NAMES = st.sampled_from(
    """CANO ACNT_PRDT_CD PDNO ORD_DVSN ORD_QTY ORD_UNPR ORGN_ODNO QTY_ALL_ORD_YN
    RVSE_CNCL_DVSN_CD FID_INPUT_ISCD FID_COND_MRKT_DIV_CODE FID_INPUT_DATE_1 FID_PERIOD_DIV_CODE
    FID_INPUT_HOUR_1 CTX_AREA_NK100 INQR_STRT_DT CCLD_DVSN""".split()  # noqa: SIM905 - reads better
)
VALUES = st.one_of(
    st.text(max_size=12),
    st.sampled_from([SYMBOL, "00", "01", "02", "J", "D", "Y", "10", "²", "-1", "1_0", "070000"]),
    st.just(USER.account.cano),
)


@given(
    path=PATHS,
    method=st.sampled_from(["GET", "POST", "PUT"]),
    tr_id=st.sampled_from(sorted({tr_id for route in ROUTES for tr_id in route.tr_ids})),
    fields=st.dictionaries(NAMES, VALUES, max_size=8),
    tr_cont=st.sampled_from(["", "N"]),
)
def test_any_request_gets_json_of_kis_shape(path, method, tr_id, fields, tr_cont):
    request = HttpRequest(
        method=method,
        path=path,
        headers=USER.headers(tr_id, tr_cont),
        query=tuple(fields.items()) if method == "GET" else (),
        body=json.dumps(fields).encode() if method != "GET" else b"",
    )

    response = HOST.rest(request, wall=WALL).response

    assert response is not None
    assert {"rt_cd", "error_code", "access_token", "HASH"} & set(body_of(response))


@given(body=st.binary(max_size=60), path=PATHS)
def test_any_bytes_get_json_of_kis_shape(body, path):
    request = HttpRequest(method="POST", path=path, headers=USER.headers("TTTC0012U"), body=body)

    response = HOST.rest(request, wall=WALL).response

    assert response is not None
    assert {"rt_cd", "error_code", "HASH"} & set(body_of(response))
