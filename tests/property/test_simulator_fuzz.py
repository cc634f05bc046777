"""Whatever is sent to the simulated KIS, its answer has KIS's shape."""

import json

from hypothesis import given
from hypothesis import settings as run
from hypothesis import strategies as st

from aipx.ports.transport import HttpRequest
from aipx.simulator.rest.api import ROUTES
from tests.support.kis_user import KisUser, open_kis

PATHS = [route.path for route in ROUTES]
TR_IDS = sorted({tr_id for route in ROUTES for tr_id in route.tr_ids})
OAUTH = ["/oauth2/tokenP", "/oauth2/Approval", "/oauth2/revokeP", "/uapi/hashkey"]
NAMES = """CANO ACNT_PRDT_CD PDNO ORD_DVSN ORD_QTY ORD_UNPR EXCG_ID_DVSN_CD ORGN_ODNO QTY_ALL_ORD_YN
RVSE_CNCL_DVSN_CD KRX_FWDG_ORD_ORGNO FID_COND_MRKT_DIV_CODE FID_INPUT_ISCD FID_INPUT_DATE_1
FID_INPUT_DATE_2 FID_PERIOD_DIV_CODE FID_INPUT_HOUR_1 CTX_AREA_NK100 INQR_DVSN_1 INQR_DVSN_2
INQR_STRT_DT INQR_END_DT BASS_DT PRDT_TYPE_CD FID_COND_SCR_DIV_CODE FID_BLNG_CLS_CODE"""

HOST = open_kis()
USER = KisUser(HOST).log_in()
GOOD = {
    "CANO": USER.account.cano,
    "ACNT_PRDT_CD": USER.account.product,
    "PDNO": "005930",
    "FID_COND_MRKT_DIV_CODE": "J",
    "FID_INPUT_ISCD": "005930",
}
values = st.one_of(
    st.text(max_size=24),
    st.sampled_from(["00", "01", "02", "005930", "0", "1", "-1", "Y", "N", "20240305", "99999999"]),
    st.integers().map(str),
)
fields = st.dictionaries(st.sampled_from(NAMES.split()), values, max_size=8)
bodies = st.one_of(
    st.binary(max_size=200),
    fields.map(lambda each: json.dumps({**GOOD, **each}).encode()),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
        max_leaves=8,
    ).map(lambda each: json.dumps(each).encode()),
)
headers = st.dictionaries(
    st.sampled_from(["tr_cont", "custtype", "hashkey", "gt_uid", "content-type", "seq_no"]),
    st.text(max_size=12),
    max_size=3,
)


def check(request: HttpRequest) -> None:
    response = HOST.rest(request, wall=USER.wall).response
    assert response is not None
    body = json.loads(response.body)
    assert ("rt_cd" in body and "msg_cd" in body) or (
        {"error_code", "access_token", "approval_key", "BODY", "code"} & set(body)
    )
    for name, value in response.headers.items():
        assert value.isascii(), f"{name} cannot be sent"


@run(max_examples=150, deadline=None)
@given(path=st.sampled_from(PATHS), tr_id=st.sampled_from(TR_IDS), asked=fields, more=headers)
def test_any_query_has_an_answer_of_kis_shape(path, tr_id, asked, more):
    sent = {**USER.headers(tr_id), **more}
    query = tuple({**GOOD, **asked}.items())

    for method in ("GET", "POST"):
        check(HttpRequest(method=method, path=path, headers=sent, query=query))


@run(max_examples=150, deadline=None)
@given(
    path=st.sampled_from([*PATHS, *OAUTH]) | st.text(max_size=30),
    tr_id=st.sampled_from(TR_IDS) | st.text(max_size=14),
    body=bodies,
    more=headers,
)
def test_any_body_has_an_answer_of_kis_shape(path, tr_id, body, more):
    sent = {**USER.headers("TTTC0012U"), "tr_id": tr_id, **more}

    check(HttpRequest(method="POST", path=path, headers=sent, body=body))


@run(max_examples=150, deadline=None)
@given(
    text=st.one_of(
        st.text(max_size=60),
        st.fixed_dictionaries(
            {},
            optional={
                "header": st.dictionaries(
                    st.sampled_from(["approval_key", "custtype", "tr_type", "tr_id"]),
                    st.text(max_size=6) | st.integers() | st.none(),
                ),
                "body": st.dictionaries(
                    st.sampled_from(["input", "x"]),
                    st.dictionaries(st.sampled_from(["tr_id", "tr_key"]), st.text(max_size=9))
                    | st.text(max_size=4),
                ),
            },
        ).map(json.dumps),
    )
)
def test_any_websocket_text_has_an_opsp_answer_or_none(text):
    session = HOST.connect(wall=USER.wall)
    session.receive(text, wall=USER.wall)

    for answer in session.take():
        tree = json.loads(answer)
        assert tree["body"]["msg_cd"].startswith("OPSP")
        assert {"tr_id", "tr_key", "encrypt"} <= set(tree["header"])
    session.close()
