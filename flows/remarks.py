"""What a person should know of a load besides its counts: the same sentences on the page and in the terminal."""

from hotline12345.flows.ingest.prepare import OrderFile
from hotline12345.sql.landing import Accounting


def remarks(accounting: Accounting, file: OrderFile) -> list[str]:
    """Chinese sentences on one loaded file, the weightiest first; none when there is nothing to say."""
    if accounting.already_loaded:
        return ["这个文件以前导入过，内容相同，没有改变任何数据。"]
    said = list(file.notes)
    if file.corrects is None:
        said += _on_columns(file)
    if accounting.rows_late:
        said.append(f"{accounting.rows_late:,} 行修订的数据时点早于已有内容，已存档，但不改变现状。{_on_late(file)}")
    if accounting.rows_conflicting:
        said.append(
            f"{accounting.rows_conflicting:,} 行与同一工单编号的另一行内容不同：主办优先于协办，其次派单时间晚的、"
            "文件中靠后的一行为准。"
        )
    return said


def _on_late(file: OrderFile) -> str:
    if file.corrects is not None:
        return "这些工单后来的导出表里已有新内容，不必再改。"
    return "如果这是新导出的文件，请写明导出日期（命令行 --exported-at）后再导入一次。"


def _on_columns(file: OrderFile) -> list[str]:
    said = []
    if file.has_derived_ids:
        said.append(
            "文件没有“工单编号”列，编号由创建时间、单位和正文推算；正文或单位改动后会被当作新工单，后续修订无法可靠对应。"
        )
    if not file.has_callback:
        said.append("没有“是否有效回访”列；新出现的工单不进三率，只计诉求量，已有回访结果的保持不变。")
    if file.unmapped:
        said.append(
            f"未导入的列：{'、'.join(file.unmapped)}。如需要，请再导入一次这个文件，并指定它们的含义（命令行 --column，建议见 hotline inspect）。"
        )
    return said
