# 12345 热线数据分析 · hotline12345
# Every target makes its own .venv and brings it up to date when pyproject.toml or constraints.txt changed.
# UV= installs with pip although uv is there; PYTHON= names the interpreter; DEMO_FLAGS= and PYTEST_FLAGS= are passed on.

export PYTHONUTF8 := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

BIN := .venv/bin
FOLDERS := flows models sql dashboard sample_data tests
READY := .venv/.ready
UV ?= $(shell command -v uv 2>/dev/null)
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
DEMO_FLAGS ?=
PYTEST_FLAGS ?=

.PHONY: help demo test slow check docs clean setup browser lint types layers fresh

help:  ## 列出全部目标 list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile

demo: setup  ## 用模拟数据跑完整个流程并打开看板 the whole job on the sample, then the dashboard
	@$(BIN)/hotline demo $(DEMO_FLAGS)

test: setup browser  ## 全部测试 all tests, on all processors
	@$(BIN)/pytest -n auto --dist loadfile $(PYTEST_FLAGS)

slow: setup  ## 耗时的测试（强制终止、随机输入） the tests that take minutes: kills, fuzzing
	@$(BIN)/pytest -m slow $(PYTEST_FLAGS)

check: lint types layers fresh  ## 代码规范、类型、分层、生成文档 style, types, layers, generated docs

docs: setup  ## 重新生成文档 regenerate the generated docs
	@$(BIN)/python tests/docs/generate.py

clean:  ## 删除 .venv、构建结果与缓存；不动 data/ 和 config/ never touches data/ or config/
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find $(FOLDERS) -name __pycache__ -prune -exec rm -rf {} +

setup: $(READY)

$(READY): pyproject.toml constraints.txt
	@test -n '$(PYTHON)' || { \
	  echo '找不到 Python 3.11 或更新版本：请先安装，或用 make PYTHON=/路径/python3.11 指明。' >&2; \
	  echo 'Python 3.11 or newer was not found: install it, or name it with make PYTHON=...' >&2; exit 1; }
	@echo '正在准备 .venv（首次约一两分钟）… setting up .venv'
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || $(if $(UV),$(UV) venv --quiet --seed --clear --python '$(PYTHON)' .venv ||) '$(PYTHON)' -m venv --clear .venv \
	  || { echo '不能建立 .venv：Debian/Ubuntu 上请先安装 python3-venv。 cannot make .venv' >&2; exit 1; }
	@$(if $(UV),$(UV) pip install --quiet --python $(BIN)/python -c constraints.txt -e '.[dev]' ||) \
	  $(BIN)/python -m pip install -qq --no-input -c constraints.txt -e '.[dev]'
	@touch $(READY)

# Root on Debian or Ubuntu gets what the browser tests need; elsewhere the tests say what is missing and skip, or fail with CI=true.
browser:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && ! dpkg -s chromium fontconfig fonts-noto-cjk >/dev/null 2>&1; then \
	  echo '正在安装浏览器测试所需的 chromium 与中文字体… installing chromium and fonts-noto-cjk'; \
	  { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
	    chromium fontconfig fonts-noto-cjk; } </dev/null >.venv/apt.log 2>&1 \
	  || { tail -n 3 .venv/apt.log; echo '没有装成，浏览器测试可能无法运行。 apt-get failed' >&2; }; \
	fi

browser: setup

lint: setup
	@$(BIN)/ruff check $(FOLDERS)
	@$(BIN)/ruff format --check $(FOLDERS)

# The folders are the package only once installed, so the types are checked on an installed copy (docs/decisions/0001).
# The __init__.py makes mypy prefer the module sql/rules.py to the data folder sql/rules/, as Python does.
types: setup
	@rm -rf build
	@$(BIN)/python -m pip install -qq --no-input --no-deps --target build/types .
	@touch build/types/hotline12345/__init__.py
	@MYPYPATH=build/types $(BIN)/mypy --strict -p hotline12345

layers: setup
	@$(BIN)/lint-imports --no-logo

fresh: setup
	@$(BIN)/python tests/docs/generate.py --check
