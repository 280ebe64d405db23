"""Click in Chinese: help headings, usage errors and exit codes. No traceback for a user's mistake."""

import importlib
import re
from collections.abc import Callable, Mapping
from typing import Any

import click

USER_ERROR = 2
_EXTRA = re.compile(
    r"\[(?:default: (?P<default>[^;\]]+))?[; ]*(?P<range>[^;\]]*<=?x[^;\]]*|x>=[^;\]]+)?[; ]*(?P<required>required)?\]$"
)


def _in_chinese(extra: re.Match[str]) -> str:
    parts = (
        f"默认 {extra['default']}" if extra["default"] else "",
        extra["range"],
        "必填" if extra["required"] else "",
    )
    return f"[{'；'.join(filter(None, parts))}]"


class UserError(click.ClickException):
    """A mistake the user can mend; the Chinese message says where, what, what is allowed and what to do next."""

    exit_code = USER_ERROR

    def show(self, file: Any = None) -> None:
        click.echo(self.message, file=file, err=file is None)


class ChineseCommand(click.Command):
    """A command whose help reads Chinese."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="用法：")

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        pieces = super().collect_usage_pieces(ctx)
        return ["[选项]" if piece == self.options_metavar else piece for piece in pieces]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        found = (param.get_help_record(ctx) for param in self.get_params(ctx) if isinstance(param, click.Option))
        records = [(name, _EXTRA.sub(_in_chinese, text)) for name, text in filter(None, found)]
        if records:
            with formatter.section("选项"):
                formatter.write_dl(records)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option:
            option.help = "显示本说明。"
        return option


class ChineseGroup(ChineseCommand, click.Group):
    """A group that imports a command only when it is called: `table` maps its name to (module:attribute, help).

    `itself` is what makes the group a command too: `callback`, `params`, `invoke_without_command`.
    """

    def __init__(self, name: str, table: Mapping[str, tuple[str, str]], help: str, **itself: Any) -> None:
        usage = "[命令 …]" if itself.get("invoke_without_command") else "命令 …"
        click.Group.__init__(self, name, help=help, subcommand_metavar=usage, **itself)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.table:
            return None
        module, attribute = self.table[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        ChineseCommand.format_options(self, ctx, formatter)
        with formatter.section("命令"):
            formatter.write_dl([(name, text) for name, (_, text) in self.table.items()])


def explain_usage(error: click.UsageError) -> str:
    """One Chinese sentence for each kind of usage error, with the way to the command's help."""
    command = error.ctx.command_path if error.ctx else "hotline"
    return f"{_what(error)}用法见 {command} --help。"


def _what(error: click.UsageError) -> str:
    match error:
        case click.NoSuchOption():
            near = f"您是不是要写 {error.possibilities[0]}？" if error.possibilities else ""
            return f"没有选项 {error.option_name}。{near}"
        case click.MissingParameter():
            return f"缺少 {_name(error.param)}。"
        case click.BadParameter():
            return f"{_name(error.param)} 应为{_allowed(error.param.type if error.param else None)}。"
        case click.BadOptionUsage():
            takes_none = "does not take" in error.message
            return f"选项 {error.option_name} {'不需要' if takes_none else '缺少'}取值。"
        case click.NoSuchCommand():
            return f"没有命令 {error.command_name}。"
    return "命令写法有误。"


def _allowed(kind: click.ParamType[Any] | None) -> str:
    match kind:
        case click.Choice():
            return f"以下之一：{'、'.join(map(str, kind.choices))}"
        case click.IntRange():
            return f"不小于 {kind.min} 的整数" if kind.max is None else f" {kind.min} 到 {kind.max} 的整数"
        case click.types.IntParamType():
            return "整数"
        case click.DateTime():
            return "日期或时间，如 2026-03-05 或 2026-03-05 14:20:00"
        case click.Path():
            return "可以读取的目录"
    return "允许的取值"


def _name(param: click.Parameter | None) -> str:
    if param is None:
        return "参数"
    return param.opts[0] if isinstance(param, click.Option) else (param.human_readable_name or "参数")


def run(command: click.Command, translate: Callable[[Exception], str | None]) -> int:
    """Run the command line and return its exit code; `translate` turns a known error into its Chinese message."""
    try:
        result = command.main(prog_name=command.name, standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "", err=True)
        return USER_ERROR
    except click.UsageError as error:
        click.echo(explain_usage(error), err=True)
        return USER_ERROR
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo("已中断；已发布的数据不受影响，再次运行会接着完成。", err=True)
        return 130
    except Exception as error:
        message = translate(error)
        if message is None:
            raise
        click.echo(message, err=True)
        return USER_ERROR
