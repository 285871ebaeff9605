"""What the machine says is taken at its word, or refused in words."""

from pathlib import Path

import pytest

from stepdown.config import environment
from stepdown.config.environment import ConfigurationError


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("STEPDOWN_DATABASE_URL", raising=False)
    monkeypatch.setenv("STEPDOWN_HOME", str(tmp_path / "hub"))
    return tmp_path / "hub"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://host/name", "must start with"),
        ("sqlite://", "the file's path"),
        ("postgresql://host", "the database's name"),
        ("postgresql://host:port/name", "must be a number"),
    ],
)
def test_database_that_cannot_be_is_refused(
    url: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEPDOWN_DATABASE_URL", url)
    with pytest.raises(ConfigurationError, match=said):
        environment.database()


def test_folder_of_the_hub_may_have_any_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("STEPDOWN_HOME", str(tmp_path / "our #1 hub?"))
    assert environment.database()["NAME"] == str(tmp_path / "our #1 hub?" / "hub.sqlite3")


def test_password_may_hold_any_character() -> None:
    made = environment.database("postgresql://u:p%40%2Fss@host:5433/name?sslmode=require")
    assert (made["PASSWORD"], made["PORT"]) == ("p@/ss", "5433")
    assert made["OPTIONS"] == {"sslmode": "require"}


def test_number_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPDOWN_OFFER_HOURS", "three days")
    with pytest.raises(ConfigurationError, match="STEPDOWN_OFFER_HOURS must be a whole number"):
        environment.number("STEPDOWN_OFFER_HOURS", 72)


def test_secret_is_made_once_for_its_owner_alone(home: Path) -> None:
    made = environment.secret("STEPDOWN_SECRET_KEY", "secret-key")
    assert environment.secret("STEPDOWN_SECRET_KEY", "secret-key") == made
    assert home.stat().st_mode & 0o077 == 0
    assert (home / "secret-key").stat().st_mode & 0o077 == 0


def test_empty_secret_is_refused(home: Path) -> None:
    environment.make_home()
    (home / "secret-key").touch()
    with pytest.raises(ConfigurationError, match="is empty"):
        environment.secret("STEPDOWN_SECRET_KEY", "secret-key")


def test_mark_of_a_demonstration_is_for_one_database_only() -> None:
    files = environment.database()
    server = environment.database("postgresql://u:secret@host/name")
    environment.make_home()
    assert not environment.is_demonstration(files)
    environment.mark_demonstration(files)
    assert environment.is_demonstration(files)
    assert not environment.is_demonstration(server)
    environment.mark_demonstration(server)
    assert not environment.is_demonstration(files)
    assert "secret" not in (environment.home() / "demonstration").read_text()


class TestSecretsInFiles:
    def test_a_secret_comes_from_the_file_that_is_named(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / "secret").write_text("postgresql://hub@host/name\n")
        (tmp_path / "word").write_text("pass:word/1\n")
        monkeypatch.setenv("STEPDOWN_DATABASE_URL_FILE", str(tmp_path / "secret"))
        monkeypatch.setenv("STEPDOWN_DATABASE_PASSWORD_FILE", str(tmp_path / "word"))
        found = environment.database()
        assert (found["USER"], found["PASSWORD"]) == ("hub", "pass:word/1")

    def test_without_either_there_is_none(self) -> None:
        assert environment.stated_secret("STEPDOWN_SMTP_PASSWORD") is None

    @pytest.mark.parametrize("kept", [None, " \n"])
    def test_a_file_that_is_missing_or_empty_is_refused(
        self, kept: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        if kept is not None:
            (tmp_path / "secret").write_text(kept)
        monkeypatch.setenv("STEPDOWN_SMTP_PASSWORD_FILE", str(tmp_path / "secret"))
        with pytest.raises(ConfigurationError, match="secret"):
            environment.stated_secret("STEPDOWN_SMTP_PASSWORD")

    def test_no_new_secret_is_made_in_place_of_one_that_is_named(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("STEPDOWN_HOME", str(tmp_path / "home"))
        named = tmp_path / "mounted" / "secret"
        monkeypatch.setenv("STEPDOWN_SECRET_KEY_FILE", str(named))
        with pytest.raises(ConfigurationError, match="mounted"):
            environment.secret("STEPDOWN_SECRET_KEY", "secret-key")
        assert not named.parent.exists()
        monkeypatch.delenv("STEPDOWN_SECRET_KEY_FILE")
        made = environment.secret("STEPDOWN_SECRET_KEY", "secret-key")
        assert environment.secret("STEPDOWN_SECRET_KEY", "secret-key") == made
        assert (tmp_path / "home" / "secret-key").stat().st_mode & 0o077 == 0

    def test_former_secrets_stand_one_a_line(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        assert environment.former_secrets("STEPDOWN_SECRET_KEY_FALLBACKS") == []
        (tmp_path / "former").write_text("newest\n\n  oldest \n")
        monkeypatch.setenv("STEPDOWN_SECRET_KEY_FALLBACKS_FILE", str(tmp_path / "former"))
        assert environment.former_secrets("STEPDOWN_SECRET_KEY_FALLBACKS") == ["newest", "oldest"]
