"""Demo accounts for looking around: one for each role, and two tokens. Production never makes them."""

import json
import os
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.enums import ADMIN_ROLES, Role
from dalian_coop.accounts.models import ApiClient, Bureau, Membership, User
from dalian_coop.accounts.services.clients import create_api_client, find_token, issue_token
from dalian_coop.base.errors import NotAllowed


@dataclass(frozen=True)
class DemoUser:
    username: str
    name: str
    role: Role
    bureau: str


@dataclass(frozen=True)
class DemoClient:
    name: str
    bureau: str
    scopes: tuple[str, ...]


USERS = (
    DemoUser("official", "林晓晨", Role.OFFICIAL, "市商务局"),
    DemoUser("head", "赵国栋", Role.HEAD, "市商务局"),
    DemoUser("coordinator", "孙雨桐", Role.COORDINATOR, "市发展改革委"),
    DemoUser("leader", "周正平", Role.LEADER, "市政府办公室"),
    DemoUser("analyst", "吴思远", Role.ANALYST, "市发展改革委"),
    DemoUser("foreign-affairs", "郑文静", Role.OFFICIAL, "市外办"),
    DemoUser("office-japan", "高桥林", Role.OFFICIAL, "驻日本代表处"),
    DemoUser("office-korea", "金美兰", Role.OFFICIAL, "驻韩国代表处"),
    DemoUser("system-admin", "何建军", Role.SYSTEM_ADMIN, "市大数据局"),
    DemoUser("security-admin", "马丽娜", Role.SECURITY_ADMIN, "市大数据局"),
    DemoUser("audit-admin", "宋志明", Role.AUDIT_ADMIN, "市大数据局"),
)
CLIENTS = (
    DemoClient(
        "市数据共享交换平台〔示例〕", "市大数据局", ("reference:read", "taskbooks:read", "gaps:read", "gaps:run")
    ),
    DemoClient("市商务局业务系统〔示例〕", "市商务局", ("taskbooks:read", "taskbooks:write")),
)
_SYLLABLES = "ba bei dao fang gang hai he hu lan lin long mei ning qing ru shan shi tian wan xi yan yu".split()


@transaction.atomic
def make_demo_accounts(*, file: Path, url: str) -> dict:
    """Create what is missing, keep the passwords and tokens of ``file`` where they still open something.

    Returns what was written to ``file``: ``{"url", "users": [{"role", "username", "password"}], "tokens":
    [{"bureau", "scopes", "token"}]}``. Raises ``NotAllowed`` in production.
    """
    if settings.PRODUCTION:
        raise NotAllowed(_("Demo accounts are never made in production."))
    before = read_demo_file(file)
    passwords = {user["username"]: user["password"] for user in before.get("users", [])}
    tokens = {token["bureau"]: token["token"] for token in before.get("tokens", [])}
    found = {
        "url": url,
        "users": [_user(demo, passwords.get(demo.username, "")) for demo in USERS],
        "tokens": [_token(demo, tokens.get(demo.bureau, "")) for demo in CLIENTS],
    }
    _write(file, found)
    return found


def read_demo_file(file: Path) -> dict:
    """What the file of an earlier run says; nothing if there is none or it is damaged."""
    try:
        found = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _user(demo: DemoUser, password: str) -> dict[str, str]:
    user, _created = User.objects.get_or_create(username=demo.username, defaults={"display_name": demo.name})
    password = password or _new_password()
    if not user.check_password(password):
        user.set_password(password)
        user.password_changed_at = timezone.now()
    user.is_staff = demo.role in ADMIN_ROLES
    user.is_active = True
    user.save()
    bureau = Bureau.objects.get(name_zh=demo.bureau)
    Membership.objects.get_or_create(user=user, bureau=bureau, role=demo.role)
    return {"role": demo.role.value, "username": demo.username, "password": password}


def _token(demo: DemoClient, text: str) -> dict:
    bureau = Bureau.objects.get(name_zh=demo.bureau)
    client = ApiClient.objects.filter(name=demo.name).first()
    if client is None:
        client = create_api_client(
            name=demo.name, owner=bureau, scopes=list(demo.scopes), purpose="示例：抄送任务书与指标数据"
        )
    else:
        ApiClient.objects.filter(pk=client.pk).update(
            scopes=sorted(demo.scopes), expires_at=timezone.now() + timedelta(days=365), disabled_at=None
        )
    known = find_token(text) if text else None
    if known is None or known.client_id != client.pk:
        client.tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
        client.refresh_from_db()
        text = issue_token(client=client).text
    return {"bureau": demo.bureau, "scopes": list(demo.scopes), "token": text}


def _new_password() -> str:
    """Four random words and four digits: about 48 bits of chance, and a person can type it."""
    words = ["".join(secrets.choice(_SYLLABLES) for _part in range(2)) for _word in range(4)]
    return "-".join([words[0].capitalize(), *words[1:], f"{secrets.randbelow(10_000):04d}"])


def _write(file: Path, found: dict) -> None:
    """For its owner only, and never half written."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump(found, out, ensure_ascii=False, indent=2)
    fresh.replace(file)
