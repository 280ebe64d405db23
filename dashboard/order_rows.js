// A list of orders: a click on a row opens the order, a click on its number copies the number.
// navigator.clipboard exists on https only, an intranet often has none: the old way is kept for it.
export default function ({ parentElement, data, setTriggerValue }) {
  const make = (tag, name, text) => {
    const element = document.createElement(tag);
    element.className = name;
    if (text) element.textContent = text;
    return element;
  };
  const row = (order) => {
    const line = make("div", order.is_urgent ? "row urgent" : "row");
    const open = make("button", "open");
    open.type = "button";
    open.setAttribute("aria-label", `打开工单 ${order.order_id}`);
    if (order.mark) open.append(make("b", "mark", order.mark));
    open.append(make("span", "title", order.title));
    open.append(make("span", "facts", order.facts.join("　")));
    open.addEventListener("click", () => setTriggerValue("opened", order.order_id));
    const number = make("button", "copy", order.order_id);
    number.type = "button";
    number.title = "点一下复制工单编号";
    const told = make("i", "told", "复制");
    number.append(told);
    number.addEventListener("click", () => copy(order.order_id, (is_done) => say(told, is_done)));
    line.append(open, number);
    return line;
  };
  parentElement.querySelector(".rows").replaceChildren(...data.map(row));
}

function say(told, is_done) {
  told.textContent = is_done ? "已复制" : "请按 Ctrl+C";
  setTimeout(() => (told.textContent = "复制"), 2000);
}

function copy(text, done) {
  const before = () => {
    const area = document.createElement("textarea");
    area.value = text;
    area.readOnly = true;
    area.style.cssText = "position:fixed;top:0;opacity:0";
    document.body.append(area);
    area.select();
    const is_done = document.execCommand("copy");
    area.remove();
    done(is_done);
  };
  if (navigator.clipboard) navigator.clipboard.writeText(text).then(() => done(true), before);
  else before();
}
