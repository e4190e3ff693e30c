import type { Range, Run } from "./runs.ts";

/** Writes runs into an element that is edited: bound values as parts that are taken whole. */
export function writeRuns(place: HTMLElement, runs: readonly Run[], labelOf: (run: Run) => string): void {
  place.replaceChildren(
    ...runs.map((run) => {
      let node: Node;
      if ("field" in run) {
        const chip = document.createElement("span");
        chip.className = "bound";
        chip.contentEditable = "false";
        chip.dataset.field = run.field;
        if (run.format) chip.dataset.format = run.format;
        chip.textContent = labelOf(run);
        node = chip;
      } else node = document.createTextNode(run.text);
      for (const [mark, name] of [
        ["italic", "i"],
        ["bold", "b"],
      ] as const)
        if (run[mark]) {
          const around = document.createElement(name);
          around.append(node);
          node = around;
        }
      return node;
    }),
  );
}

/** Reads the runs that stand in an element. */
export function readRuns(place: HTMLElement): Run[] {
  const runs: Run[] = [];
  const walk = (node: Node, marks: { bold?: true; italic?: true }) => {
    if (node instanceof Text) {
      if (node.data) runs.push({ text: node.data, ...marks });
    } else if (node instanceof HTMLElement) {
      const { field, format } = node.dataset;
      if (field !== undefined) runs.push({ field, ...(format && { format }), ...marks });
      else if (node.tagName === "BR") runs.push({ text: "\n", ...marks });
      else
        for (const inner of node.childNodes)
          walk(inner, {
            ...marks,
            ...(node.tagName === "B" && { bold: true as const }),
            ...(node.tagName === "I" && { italic: true as const }),
          });
    }
  };
  for (const node of place.childNodes) walk(node, {});
  return runs;
}

/** What is chosen in an element, counted in letters and bound values; null where the choice is elsewhere. */
export function rangeIn(place: HTMLElement): Range | null {
  const selection = getSelection();
  if (!selection?.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!place.contains(range.startContainer) || !place.contains(range.endContainer)) return null;
  const before = (node: Node, offset: number) => {
    const until = document.createRange();
    until.selectNodeContents(place);
    until.setEnd(node, offset);
    return lengthOf(until.cloneContents());
  };
  return {
    from: before(range.startContainer, range.startOffset),
    to: before(range.endContainer, range.endOffset),
  };
}

function lengthOf(node: Node): number {
  if (node instanceof Text) return node.data.length;
  if (node instanceof HTMLElement && (node.dataset.field !== undefined || node.tagName === "BR")) return 1;
  return [...node.childNodes].reduce((sum, inner) => sum + lengthOf(inner), 0);
}

/** Chooses what was chosen before an element was written anew. */
export function chooseIn(place: HTMLElement, { from, to }: Range): void {
  const range = document.createRange();
  range.setStart(...pointAt(place, from));
  range.setEnd(...pointAt(place, to));
  const selection = getSelection();
  selection?.removeAllRanges();
  selection?.addRange(range);
}

function pointAt(place: Node, offset: number): [Node, number] {
  let left = offset;
  for (const [i, inner] of [...place.childNodes].entries()) {
    const length = lengthOf(inner);
    if (left < length || (left === length && inner instanceof Text)) {
      if (inner instanceof Text) return [inner, left];
      if (left === 0) return [place, i];
      return pointAt(inner, left);
    }
    left -= length;
  }
  return [place, place.childNodes.length];
}
