"""Accounts as an administrator writes them, in a command or in the rows of an Excel file, and what is wrong with them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import fastexcel
import polars as pl

from hotline12345.dashboard.access import AccessRules
from hotline12345.dashboard.unit_names import near_names
from hotline12345.flows.ingest.masking import mask_text
from hotline12345.sql.dated_names import dated_names
from hotline12345.sql.records.accounts import Account
from hotline12345.sql.reference_tables import UNIT_COLUMNS, read_reference
from hotline12345.sql.storage import Storage

HEADERS = ("登录名", "姓名或岗位", "角色", "单位", "到期日")
LOGIN = re.compile(r"[A-Za-z0-9\u4e00-\u9fff][A-Za-z0-9\u4e00-\u9fff._-]{1,39}")
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00:00(?:\.0+)?)?")
MOST_COMPLAINTS = 20


class AccountFormError(Exception):
    """Accounts cannot be made as they were written; the Chinese message says which row, what, what is allowed."""


@dataclass(frozen=True)
class AccountForm:
    """One account as written: five texts in the order of `HEADERS`, several units separated by 、 or ; or |."""

    login: str
    shown_name: str
    role: str
    units: str = ""
    expires: str = ""


@dataclass(frozen=True)
class AccountDesk:
    """What forms are held against: the site's roles, its units by every name, what each unit is called, and the day."""

    rules: AccessRules
    unit_ids: Mapping[str, str]
    unit_names: Mapping[str, str]
    today: date

    def account(self, form: AccountForm) -> Account:
        """The account of a form. AccountFormError."""
        if not LOGIN.fullmatch(form.login):
            raise AccountFormError("登录名须为 2 到 40 个字母、数字或汉字，中间可有 . _ -。")
        if mask_text(form.login) != form.login:
            raise AccountFormError("登录名像是证件号、电话号码或个人信息，会留在审计记录里。请改用岗位或拼音。")
        if not form.shown_name:
            raise AccountFormError("缺少姓名或岗位。")
        if form.role not in self.rules.roles:
            raise AccountFormError(f"没有角色“{mask_text(form.role)}”。可写：{'、'.join(self.rules.roles)}。")
        unit_ids = tuple(sorted({self._unit_id(name) for name in re.split(r"[、;；|，,]", form.units) if name.strip()}))
        if self.rules.roles[form.role].has_units != bool(unit_ids):
            need = "须写单位" if not unit_ids else "看全部单位，单位一栏须留空"
            raise AccountFormError(f"角色“{form.role}”{need}。")
        return Account(form.login, form.shown_name, form.role, unit_ids, self._expiry(form.expires))

    def _unit_id(self, name: str) -> str:
        if found := self.unit_ids.get(name.strip()):
            return found
        raise AccountFormError(
            f"单位清单 units.csv 中没有“{mask_text(name.strip())}”。{near_names(name.strip(), self.unit_ids)}"
            "可写单位编号、简称或别名。"
        )

    def _expiry(self, text: str) -> str | None:
        if not text:
            return None
        try:
            year, month, day = DAY.fullmatch(text).groups()  # type: ignore[union-attr]
            found = date(int(year), int(month), int(day))
        except (AttributeError, ValueError):
            raise AccountFormError("到期日无法识别。请写作 2026-12-31，不限期则留空。") from None
        if found < self.today:
            raise AccountFormError("到期日已经过去。请写今天或以后的日期，不限期则留空。")
        return found.isoformat()


def desk_of(storage: Storage, rules: AccessRules, today: date) -> AccountDesk:
    """The desk of a site: units of units.csv that are valid today, by id, name and alias. ReferenceTableError."""
    units = read_reference(storage.config / "units.csv", UNIT_COLUMNS, ("unit_id", "unit_name"))
    names = dated_names(units, "unit_id", "unit_name", "units.csv")
    valid = names.filter(pl.col("valid_from") <= today, pl.col("valid_to") > today)
    shown = dict(units.sort("valid_from", nulls_last=False).select("unit_id", "unit_name").iter_rows())
    unit_ids = {unit_id: unit_id for unit_id in shown} | dict(valid.select("alias", "owner").iter_rows())
    return AccountDesk(rules, unit_ids, shown, today)


def forms_in(path: Path) -> list[tuple[int, AccountForm]]:
    """The filled rows of the first sheet with their row numbers in Excel. AccountFormError when it is no such table."""
    try:
        sheet = fastexcel.read_excel(path).load_sheet(0, header_row=None, dtypes="string").to_polars()
    except (fastexcel.FastExcelError, OSError):
        raise AccountFormError(f"无法读取 {path.name}。请用 Excel 另存为 .xlsx 后再试。") from None
    rows = [tuple((cell or "").strip() for cell in row) for row in sheet.iter_rows()]
    head = next((number for number, row in enumerate(rows[:20]) if HEADERS[0] in row), None)
    if head is None or (missing := [name for name in HEADERS if name not in rows[head]]):
        lacking = HEADERS if head is None else missing
        raise AccountFormError(f"{path.name} 缺少列：{'、'.join(lacking)}。表头须为：{'、'.join(HEADERS)}。")
    places = [rows[head].index(name) for name in HEADERS]
    filled = [(number + 1, row) for number, row in enumerate(rows) if number > head and any(row)]
    return [(number, AccountForm(*(row[place] for place in places))) for number, row in filled]


def accounts_in(path: Path, desk: AccountDesk) -> list[Account]:
    """The accounts of an Excel file, all or none: AccountFormError lists what is wrong row by row."""
    accounts: list[Account] = []
    complaints: list[str] = []
    seen: dict[str, int] = {}
    for number, form in forms_in(path):
        try:
            account = desk.account(form)
            if (first := seen.setdefault(account.login, number)) != number:
                raise AccountFormError(f"登录名与第 {first} 行重复。")
            accounts.append(account)
        except AccountFormError as error:
            complaints.append(f"第 {number} 行：{error}")
    if complaints:
        raise AccountFormError(_listed(path, complaints))
    if not accounts:
        raise AccountFormError(f"{path.name} 的表头下面没有账号。")
    return accounts


def _listed(path: Path, complaints: Sequence[str]) -> str:
    more = f"\n……另有 {len(complaints) - MOST_COMPLAINTS} 行" if len(complaints) > MOST_COMPLAINTS else ""
    rows = "\n".join(complaints[:MOST_COMPLAINTS])
    return f"{path.name} 有 {len(complaints)} 行不能导入，没有建立任何账号：\n{rows}{more}\n改正后重新导入整个文件。"
