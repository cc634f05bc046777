"""KIS as its own samples use it: plain HTTP requests, and a WebSocket that is decrypted by hand.

python examples/plain.py kis.json [--symbol 005930] [--resting 1]
"""

import argparse
import asyncio
import base64
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from pathlib import Path

import websockets
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

TRADING = "/uapi/domestic-stock/v1/trading"
QUOTATIONS = "/uapi/domestic-stock/v1/quotations"
THROTTLED = "EGW00201"
TRIES_MAX = 30
SECONDS_MAX = 60


class Kis:
    """The hosts and keys of kis.json, and a token."""

    def __init__(self, file: Path) -> None:
        known = json.loads(file.read_text())
        account = known["accounts"][0]
        self.rest, self.ws = known["rest"], known["ws"]
        self.is_paper = known["environment"] == "paper"
        self.appkey, self.appsecret = account["appkey"], account["appsecret"]
        self.hts_id = account["hts_id"]
        self.account = {"CANO": account["cano"], "ACNT_PRDT_CD": account["product"]}
        grant = {"grant_type": "client_credentials", "appkey": self.appkey}
        _, token = self.send("POST", "/oauth2/tokenP", {}, grant | {"appsecret": self.appsecret})
        self.token = token["access_token"]
        _, approval = self.send(
            "POST", "/oauth2/Approval", {}, grant | {"secretkey": self.appsecret}
        )
        self.approval_key = approval["approval_key"]

    def send(self, method: str, path: str, headers: dict, fields: dict) -> tuple[str, dict]:
        """Send one request; the body tells what became of it, whatever the HTTP status."""
        url, body = self.rest + path, None
        if method == "GET":
            url += "?" + urllib.parse.urlencode(fields)
        else:
            body = json.dumps(fields).encode()
        headers = {"content-type": "application/json; charset=utf-8"} | headers
        request = urllib.request.Request(url, body, headers, method=method)  # noqa: S310 - the user's host
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                return answer.headers.get("tr_cont", ""), json.load(answer)
        except urllib.error.HTTPError as error:
            return error.headers.get("tr_cont", ""), json.load(error)

    def call(self, method: str, path: str, tr_id: str, fields: dict, cont: str = "") -> tuple:
        """Call an API; who is throttled was not heard, and may ask again."""
        if self.is_paper and tr_id[0] in "TJC":
            tr_id = "V" + tr_id[1:]
        headers = {
            "authorization": f"Bearer {self.token}",
            "appkey": self.appkey,
            "appsecret": self.appsecret,
            "tr_id": tr_id,
            "custtype": "P",
            "tr_cont": cont,
        }
        for _ in range(TRIES_MAX):
            tr_cont, answer = self.send(method, path, headers, fields)
            if answer.get("msg_cd") != THROTTLED:
                break
            time.sleep(0.3)  # noqa: TID251 - a script, not the platform
        if answer["rt_cd"] != "0":
            sys.exit(f"{path}: {answer['msg_cd']} {answer['msg1'].strip()}")
        return tr_cont, answer

    def quote(self, name: str, tr_id: str, symbol: str, **more: str) -> dict:
        fields = {"FID_COND_MRKT_DIV_CODE": "J", "FID_INPUT_ISCD": symbol} | more
        return self.call("GET", f"{QUOTATIONS}/{name}", tr_id, fields)[1]

    def order(self, tr_id: str, symbol: str, kind: str, quantity: int, price: int) -> dict:
        fields = {"PDNO": symbol, "ORD_DVSN": kind, "ORD_QTY": str(quantity)}
        fields |= {"ORD_UNPR": str(price)} | self.account
        return self.call("POST", f"{TRADING}/order-cash", tr_id, fields)[1]["output"]

    def change(self, order: dict, what: str, price: int) -> dict:
        """Modify ("01") or cancel ("02") all that is open of an order."""
        fields = {
            "KRX_FWDG_ORD_ORGNO": order["KRX_FWDG_ORD_ORGNO"],
            "ORGN_ODNO": order["ODNO"],
            "ORD_DVSN": "00",
            "RVSE_CNCL_DVSN_CD": what,
            "ORD_QTY": "0",
            "ORD_UNPR": str(price),
            "QTY_ALL_ORD_YN": "Y",
        }
        fields |= self.account
        return self.call("POST", f"{TRADING}/order-rvsecncl", "TTTC0013U", fields)[1]["output"]

    def balance(self) -> dict:
        fields = self.account | {
            "AFHR_FLPR_YN": "N",
            "OFL_YN": "",
            "INQR_DVSN": "02",
            "UNPR_DVSN": "01",
            "FUND_STTL_ICLD_YN": "N",
            "FNCG_AMT_AUTO_RDPT_YN": "N",
            "PRCS_DVSN": "00",
            "CTX_AREA_FK100": "",
            "CTX_AREA_NK100": "",
        }
        return self.call("GET", f"{TRADING}/inquire-balance", "TTTC8434R", fields)[1]

    def executions(self, day: str) -> tuple[list, int]:
        """Return all orders of a day and how many pages they came in."""
        rows, pages, fk, nk, cont = [], 0, "", "", ""
        while True:
            fields = self.account | {
                "INQR_STRT_DT": day,
                "INQR_END_DT": day,
                "SLL_BUY_DVSN_CD": "00",
                "INQR_DVSN": "01",
                "PDNO": "",
                "CCLD_DVSN": "00",
                "ORD_GNO_BRNO": "",
                "ODNO": "",
                "INQR_DVSN_3": "00",
                "INQR_DVSN_1": "",
                "CTX_AREA_FK100": fk,
                "CTX_AREA_NK100": nk,
            }
            path = f"{TRADING}/inquire-daily-ccld"
            tr_cont, answer = self.call("GET", path, "TTTC0081R", fields, cont)
            rows += answer["output1"]
            pages += 1
            if tr_cont not in ("F", "M"):
                return rows, pages
            fk, nk, cont = answer["ctx_area_fk100"], answer["ctx_area_nk100"], "N"


def trade(kis: Kis, symbol: str, resting: int) -> dict:
    """Look at the market, place, modify and cancel orders, and buy three shares."""
    price = kis.quote("inquire-price", "FHKST01010100", symbol)["output"]
    book = kis.quote("inquire-asking-price-exp-ccn", "FHKST01010200", symbol)["output1"]
    period = {"FID_INPUT_DATE_1": "20200101", "FID_INPUT_DATE_2": "20991231"}
    period |= {"FID_PERIOD_DIV_CODE": "D", "FID_ORG_ADJ_PRC": "0"}
    days = kis.quote("inquire-daily-itemchartprice", "FHKST03010100", symbol, **period)
    until = {"FID_ETC_CLS_CODE": "", "FID_INPUT_HOUR_1": "153000", "FID_PW_DATA_INCU_YN": "N"}
    minutes = kis.quote("inquire-time-itemchartprice", "FHKST03010200", symbol, **until)

    low, tick = int(price["stck_llam"]), int(price["aspr_unit"])
    orders = [kis.order("TTTC0012U", symbol, "00", 1, low) for _ in range(resting)]
    # A tick at the current price is one at the lower limit too: ticks grow with the price, evenly.
    modified = kis.change(orders[0], "01", low + tick)
    canceled = kis.change(modified, "02", 0)
    bought = kis.order("TTTC0012U", symbol, "01", 3, 0)

    day = days["output2"][0]["stck_bsop_date"]
    holding = {}
    for _ in range(TRIES_MAX):
        holding = {row["pdno"]: int(row["hldg_qty"]) for row in kis.balance()["output1"]}
        if holding.get(symbol, 0) >= 3:
            break
        time.sleep(0.2)  # noqa: TID251
    rows, pages = kis.executions(day)
    return {
        "best_ask": int(book["askp1"]),
        "minutes": len(minutes["output2"]),
        "day": day,
        "canceled": canceled["ODNO"],
        "bought": bought["ODNO"],
        "held": holding.get(symbol, 0),
        "orders": len(rows),
        "pages": pages,
    }


def decrypted(text: str, key: str, iv: str) -> str:
    """AES-256-CBC of Base64, as KIS sends notices."""
    cipher = Cipher(algorithms.AES(key.encode()), modes.CBC(iv.encode())).decryptor()
    padded = cipher.update(base64.b64decode(text)) + cipher.finalize()
    unpadder = padding.PKCS7(128).unpadder()
    return (unpadder.update(padded) + unpadder.finalize()).decode()


async def listen(kis: Kis, symbol: str, seen: Counter, filled: set) -> None:
    """Count trades and books, and collect the numbers of orders that were filled."""
    notices = "H0STCNI9" if kis.is_paper else "H0STCNI0"
    keys = {}
    async with websockets.connect(kis.ws, ping_interval=None) as socket:
        for tr_id, tr_key in ((notices, kis.hts_id), ("H0STCNT0", symbol), ("H0STASP0", symbol)):
            header = {"approval_key": kis.approval_key, "custtype": "P"}
            header |= {"tr_type": "1", "content-type": "utf-8"}
            body = {"input": {"tr_id": tr_id, "tr_key": tr_key}}
            await socket.send(json.dumps({"header": header, "body": body}))
        async for text in socket:
            if text[0] in "01":
                encrypted, tr_id, count, payload = text.split("|", 3)
                if encrypted == "1":
                    payload = decrypted(payload, *keys[tr_id])
                fields = payload.split("^")
                seen[tr_id] += int(count)
                if tr_id == notices and fields[13] == "2":
                    filled.add(fields[2])
                continue
            message = json.loads(text)
            if message["header"]["tr_id"] == "PINGPONG":
                await socket.pong(text)
            elif message["body"]["rt_cd"] == "0":
                output = message["body"]["output"]
                keys[message["header"]["tr_id"]] = (output["key"], output["iv"])
            else:
                sys.exit(f"registration: {message['body']['msg_cd']} {message['body']['msg1']}")


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--symbol", default="005930")
    parser.add_argument("--resting", type=int, default=1, help="Orders far from the market.")
    wanted = parser.parse_args()

    kis = await asyncio.to_thread(Kis, wanted.file)
    seen, filled = Counter(), set()
    listening = asyncio.create_task(listen(kis, wanted.symbol, seen, filled))
    await asyncio.sleep(0.5)
    result = await asyncio.to_thread(trade, kis, wanted.symbol, wanted.resting)
    async with asyncio.timeout(SECONDS_MAX):
        while not (result["bought"] in filled and seen["H0STCNT0"] and seen["H0STASP0"]):
            await asyncio.wait({listening}, timeout=0.1)
            if listening.done():
                listening.result()
    listening.cancel()
    print(json.dumps(result | {"seen": seen, "notice_of_fill": True}))


if __name__ == "__main__":
    asyncio.run(main())
