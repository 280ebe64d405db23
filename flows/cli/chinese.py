"""Click in Chinese: help headings, usage errors and exit codes. No traceback for a user's mistake."""

import importlib
import re
from collections.abc import Callable, Mapping
from typing import Any

import click

USER_ERROR = 2
_EXTRA = re.compile(r"\[(required|default: )")


def _in_chinese(extra: re.Match[str]) -> str:
    return {"required": "[必填", "default: ": "[默认 "}[extra[1]]


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
    """A group that imports a command only when it is called: `table` maps its name to (module:attribute, help)."""

    def __init__(self, name: str, table: Mapping[str, tuple[str, str]], help: str) -> None:
        click.Group.__init__(self, name, help=help, subcommand_metavar="命令 …")
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
        case click.BadParameter() if isinstance(getattr(error.param, "type", None), click.Choice):
            choices = "、".join(map(str, error.param.type.choices))  # type: ignore[union-attr]
            return f"{_name(error.param)} 的取值应为：{choices}。"
        case click.BadParameter() if isinstance(getattr(error.param, "type", None), click.types.IntParamType):
            return f"{_name(error.param)} 应为整数。"
        case click.BadParameter():
            return f"{_name(error.param)}：{error.message}"
        case click.BadOptionUsage():
            return f"选项 {error.option_name} 缺少取值。"
    if error.message.startswith("No such command"):
        return "没有这个命令。"
    return "命令写法有误。"


def _name(param: click.Parameter | None) -> str:
    if param is None:
        return "参数"
    return param.opts[0] if isinstance(param, click.Option) else (param.human_readable_name or "参数")


def run(command: click.Command, translate: Callable[[Exception], str | None]) -> int:
    """Run the command line and return its exit code; `translate` turns a known error into its Chinese message."""
    try:
        result = command.main(standalone_mode=False)
        return result if isinstance(result, int) else 0
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
