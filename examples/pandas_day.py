"""A pandas user's day at KIS: everything that comes becomes a DataFrame.

python examples/pandas_day.py kis.json [--symbol 005930] [--resting 1]
"""

import argparse
import asyncio
import base64
import json
from pathlib import Path

import aiohttp
import pandas as pd
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

API = "/uapi/domestic-stock/v1"
TRADE_COLUMNS = {1: "time", 2: "price", 12: "size", 13: "day_volume", 21: "aggressor"}
BOOK_COLUMNS = {1: "time", 3: "ask", 13: "bid", 23: "ask_size", 33: "bid_size"}
NOTICE_COLUMNS = {2: "order", 3: "original", 4: "side", 9: "quantity", 10: "price", 13: "frame"}
FILL = "2"
TRIES_MAX = 30
SECONDS_MAX = 60


class Kis:
    """One account; `await` gives dictionaries, `frame` gives tables."""

    def __init__(self, known: dict, session: aiohttp.ClientSession) -> None:
        self.known, self.session = known, session
        self.me = known["accounts"][0]
        self.is_paper = known["environment"] == "paper"
        self.account = {"CANO": self.me["cano"], "ACNT_PRDT_CD": self.me["product"]}
        self.headers = {"appkey": self.me["appkey"], "appsecret": self.me["appsecret"]}

    async def log_in(self) -> None:
        grant = {"grant_type": "client_credentials", "appkey": self.me["appkey"]}
        for path, name in (("tokenP", "appsecret"), ("Approval", "secretkey")):
            body = grant | {name: self.me["appsecret"]}
            url = f"{self.known['rest']}/oauth2/{path}"
            async with self.session.post(url, json=body) as answer:
                grant |= await answer.json()
        self.headers["authorization"] = f"Bearer {grant['access_token']}"
        self.approval_key = grant["approval_key"]

    async def ask(self, path: str, tr_id: str, fields: dict, *, is_order: bool = False) -> dict:
        """Call an API; in the answer, `tr_cont` is the header that tells of more pages."""
        tr_id = "V" + tr_id[1:] if self.is_paper and tr_id[0] in "TC" else tr_id
        is_next = bool(fields.get("CTX_AREA_NK100", "").strip())
        headers = self.headers | {"tr_id": tr_id, "tr_cont": "N" if is_next else ""}
        given = {"json": fields} if is_order else {"params": fields}
        method = "POST" if is_order else "GET"
        for _ in range(TRIES_MAX):
            url = f"{self.known['rest']}{API}/{path}"
            async with self.session.request(method, url, headers=headers, **given) as response:
                answer = await response.json()
            if answer["msg_cd"] != "EGW00201":
                break
            await asyncio.sleep(0.3)
        if answer["rt_cd"] != "0":
            raise SystemExit(f"{path}: {answer['msg_cd']} {answer['msg1']}")
        return answer | {"tr_cont": response.headers.get("tr_cont", "")}

    async def quote(self, name: str, tr_id: str, symbol: str, **more: str) -> dict:
        fields = {"FID_COND_MRKT_DIV_CODE": "J", "FID_INPUT_ISCD": symbol} | more
        return await self.ask(f"quotations/{name}", tr_id, fields)

    async def order(self, symbol: str, kind: str, quantity: int, price: int) -> dict:
        fields = self.account | {"PDNO": symbol, "ORD_DVSN": kind}
        fields |= {"ORD_QTY": str(quantity), "ORD_UNPR": str(price)}
        answer = await self.ask("trading/order-cash", "TTTC0012U", fields, is_order=True)
        return answer["output"]

    async def change(self, order: dict, what: str, price: int = 0) -> dict:
        fields = self.account | {"ORGN_ODNO": order["ODNO"], "RVSE_CNCL_DVSN_CD": what}
        fields |= {"KRX_FWDG_ORD_ORGNO": order["KRX_FWDG_ORD_ORGNO"], "ORD_DVSN": "00"}
        fields |= {"ORD_QTY": "0", "ORD_UNPR": str(price), "QTY_ALL_ORD_YN": "Y"}
        answer = await self.ask("trading/order-rvsecncl", "TTTC0013U", fields, is_order=True)
        return answer["output"]

    async def listing(self, name: str, tr_id: str, fields: dict) -> tuple[pd.DataFrame, int]:
        """Return all pages of a listing as one table, and how many there were."""
        fields = self.account | fields | {"CTX_AREA_FK100": "", "CTX_AREA_NK100": ""}
        pages = []
        while True:
            answer = await self.ask(f"trading/{name}", tr_id, fields)
            pages.append(pd.DataFrame(answer["output1"]))
            if answer["tr_cont"] not in ("F", "M"):
                return pd.concat(pages, ignore_index=True), len(pages)
            fields["CTX_AREA_FK100"] = answer["ctx_area_fk100"]
            fields["CTX_AREA_NK100"] = answer["ctx_area_nk100"]

    async def positions(self) -> pd.DataFrame:
        fields = {"AFHR_FLPR_YN": "N", "OFL_YN": "", "INQR_DVSN": "02", "UNPR_DVSN": "01"}
        fields |= {"FUND_STTL_ICLD_YN": "N", "FNCG_AMT_AUTO_RDPT_YN": "N", "PRCS_DVSN": "00"}
        table, _ = await self.listing("inquire-balance", "TTTC8434R", fields)
        if table.empty:
            return pd.DataFrame({"quantity": pd.Series(dtype="int64")})
        table = table.set_index("pdno")[["hldg_qty", "evlu_pfls_amt"]].astype("int64")
        return table.rename(columns={"hldg_qty": "quantity", "evlu_pfls_amt": "profit"})

    async def executions(self, day: str) -> tuple[pd.DataFrame, int]:
        fields = {"INQR_STRT_DT": day, "INQR_END_DT": day, "SLL_BUY_DVSN_CD": "00"}
        fields |= {"INQR_DVSN": "01", "CCLD_DVSN": "00", "INQR_DVSN_3": "00", "INQR_DVSN_1": ""}
        fields |= {"PDNO": "", "ORD_GNO_BRNO": "", "ODNO": ""}
        return await self.listing("inquire-daily-ccld", "TTTC0081R", fields)


class Stream:
    """Trades, books and fill notices as they come, kept as rows until a table is wanted."""

    def __init__(self, kis: Kis, symbol: str) -> None:
        self.kis = kis
        self.notice_id = "H0STCNI9" if kis.is_paper else "H0STCNI0"
        self.wanted = {
            self.notice_id: (kis.me["hts_id"], NOTICE_COLUMNS),
            "H0STCNT0": (symbol, TRADE_COLUMNS),
            "H0STASP0": (symbol, BOOK_COLUMNS),
        }
        self.rows = {tr_id: [] for tr_id in self.wanted}
        self.keys = {}

    async def run(self) -> None:
        async with self.kis.session.ws_connect(self.kis.known["ws"], autoping=True) as socket:
            for tr_id, (tr_key, _) in self.wanted.items():
                header = {"approval_key": self.kis.approval_key, "custtype": "P", "tr_type": "1"}
                body = {"input": {"tr_id": tr_id, "tr_key": tr_key}}
                header["content-type"] = "utf-8"
                await socket.send_json({"header": header, "body": body})
            async for message in socket:
                if message.data[:1] in "01":
                    self.take(message.data)
                elif '"PINGPONG"' in message.data:
                    await socket.send_str(message.data)
                else:
                    answer = json.loads(message.data)
                    self.keys[answer["header"]["tr_id"]] = answer["body"]["output"]

    def take(self, text: str) -> None:
        encrypted, tr_id, count, payload = text.split("|", 3)
        if encrypted == "1":
            payload = decrypted(payload, **self.keys[tr_id])
        fields = payload.split("^")
        # By the number of fields: KIS widens its records from one day to the next.
        width = len(fields) // int(count)
        columns = self.wanted[tr_id][1]
        for start in range(0, len(fields), width):
            self.rows[tr_id].append([fields[start + place] for place in columns])

    def table(self, tr_id: str) -> pd.DataFrame:
        columns = list(self.wanted[tr_id][1].values())
        return pd.DataFrame(self.rows[tr_id], columns=columns)

    def is_filled(self, number: str) -> bool:
        notices = self.table(self.notice_id)
        return bool(((notices["order"] == number) & (notices["frame"] == FILL)).any())


def decrypted(text: str, key: str, iv: str) -> str:
    cipher = Cipher(algorithms.AES(key.encode()), modes.CBC(iv.encode())).decryptor()
    padded = cipher.update(base64.b64decode(text)) + cipher.finalize()
    return padded[: -padded[-1]].decode()


async def daily_bars(kis: Kis, symbol: str) -> pd.DataFrame:
    """Return daily bars by date, with a five-day average."""
    more = {"FID_INPUT_DATE_1": "20200101", "FID_INPUT_DATE_2": "20991231"}
    more |= {"FID_PERIOD_DIV_CODE": "D", "FID_ORG_ADJ_PRC": "0"}
    answer = await kis.quote("inquire-daily-itemchartprice", "FHKST03010100", symbol, **more)
    names = {"stck_oprc": "open", "stck_hgpr": "high", "stck_lwpr": "low", "stck_clpr": "close"}
    table = pd.DataFrame(answer["output2"]).rename(columns=names | {"acml_vol": "volume"})
    table.index = pd.to_datetime(table.pop("stck_bsop_date"), format="%Y%m%d")
    table = table[[*names.values(), "volume"]].astype("int64").sort_index()
    return table.assign(average=table["close"].rolling(5, min_periods=1).mean())


async def trade(kis: Kis, symbol: str, resting: int) -> dict:
    price = (await kis.quote("inquire-price", "FHKST01010100", symbol))["output"]
    book = await kis.quote("inquire-asking-price-exp-ccn", "FHKST01010200", symbol)
    until = {"FID_ETC_CLS_CODE": "", "FID_INPUT_HOUR_1": "153000", "FID_PW_DATA_INCU_YN": "N"}
    minutes = await kis.quote("inquire-time-itemchartprice", "FHKST03010200", symbol, **until)
    days = await daily_bars(kis, symbol)
    print(days.tail(5).to_string())

    low, tick = int(price["stck_llam"]), int(price["aspr_unit"])
    orders = [await kis.order(symbol, "00", 1, low) for _ in range(resting)]
    await kis.change(await kis.change(orders[0], "01", low + tick), "02")
    bought = await kis.order(symbol, "01", 3, 0)
    positions = pd.DataFrame()
    for _ in range(TRIES_MAX):
        positions = await kis.positions()
        if symbol in positions.index and positions["quantity"][symbol] >= 3:
            break
        await asyncio.sleep(0.2)
    executions, pages = await kis.executions(days.index[-1].strftime("%Y%m%d"))
    print(positions.to_string())
    print(executions.groupby("cncl_yn")["ord_qty"].count().to_string())
    return {
        "best_ask": int(book["output1"]["askp1"]),
        "minutes": len(pd.DataFrame(minutes["output2"])),
        "bought": bought["ODNO"],
        "held": int(positions["quantity"][symbol]),
        "orders": len(executions),
        "pages": pages,
    }


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--symbol", default="005930")
    parser.add_argument("--resting", type=int, default=1, help="Orders far from the market.")
    wanted = parser.parse_args()

    async with aiohttp.ClientSession() as session:
        kis = Kis(json.loads(wanted.file.read_text()), session)
        await kis.log_in()
        stream = Stream(kis, wanted.symbol)
        listening = asyncio.create_task(stream.run())
        await asyncio.sleep(0.5)
        result = await trade(kis, wanted.symbol, wanted.resting)
        async with asyncio.timeout(SECONDS_MAX):
            while not (stream.is_filled(result["bought"]) and all(stream.rows.values())):
                await asyncio.wait({listening}, timeout=0.1)
                if listening.done():
                    listening.result()
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    print(stream.table("H0STCNT0").tail(3).to_string())
    seen = {tr_id: len(rows) for tr_id, rows in stream.rows.items()}
    print(json.dumps(result | {"seen": seen, "notice_of_fill": True}))


if __name__ == "__main__":
    asyncio.run(main())
