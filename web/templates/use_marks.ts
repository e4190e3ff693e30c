import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** Which blocks are open, where the focus goes once what was changed is there, and what is said to whoever does not see it. */
export function useMarks() {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [said, setSaid] = useState("");
  const next = useRef<(() => HTMLElement | null | undefined) | null>(null);
  const [, render] = useState(0);
  useLayoutEffect(() => {
    const element = next.current?.();
    next.current = null;
    element?.focus();
  });
  const focusOn = (find: () => HTMLElement | null | undefined) => {
    next.current = find;
    render((count) => count + 1);
  };
  return {
    opened,
    said,
    onOpened: (ids: string[], isOpen: boolean) =>
      setOpened((before) => {
        const after = new Set(before);
        for (const id of ids)
          if (isOpen) after.add(id);
          else after.delete(id);
        return after;
      }),
    onFocus: (id: string) => focusOn(() => document.getElementById(id)),
    onGo: (path: string) => focusOn(() => controlAt(path)),
    onSaid: setSaid,
  };
}

/** What is pressed or written in at the deepest place of a path that is shown. */
function controlAt(path: string): HTMLElement | null | undefined {
  const holding = [...document.querySelectorAll<HTMLElement>("[data-place]")]
    .filter(
      ({ dataset: { place = "" } }) =>
        path === place || (/^[.[]/.test(path.slice(place.length)) && path.startsWith(place)),
    )
    .sort((one, other) => (other.dataset.place?.length ?? 0) - (one.dataset.place?.length ?? 0))[0];
  for (let around = holding?.closest("details"); around; around = around.parentElement?.closest("details"))
    around.open = true;
  const controls = "input, select, textarea, [role=textbox], button";
  return holding?.matches(controls) ? holding : holding?.querySelector<HTMLElement>(controls);
}
