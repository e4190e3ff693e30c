import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useTexts } from "../components/texts.ts";
import type { Schema } from "../schema_form/schema.ts";
import { templateTexts } from "../texts/templates/index.ts";
import { useFields, useLabels } from "./context.ts";
import { FieldPicker } from "./field_picker.tsx";
import { atomsOf, bound, marked, type Range, type Run, runsOf } from "./runs.ts";
import { chooseIn, rangeIn, readRuns, writeRuns } from "./written.ts";

/** Text that is written as it will be read, with values bound into it: typed, marked, and taken whole by the caret. */
export function RunsEditor({
  schema,
  runs,
  labelledBy,
  describedBy,
  place,
  onChange,
}: {
  schema: Schema;
  runs: readonly Run[];
  labelledBy: string;
  describedBy: string;
  /** The path of the text, by which a problem leads here. */
  place: string;
  onChange(runs: Run[]): void;
}) {
  const say = useTexts(templateTexts);
  const fields = useFields(schema);
  const labels = useLabels();
  const text = useRef<HTMLDivElement>(null);
  // What was written here and has not come back yet: only what comes from elsewhere is written anew, or it would overtake who types.
  const told = useRef<string[]>([]);
  const chosen = useRef<Range>({ from: Number.MAX_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER });
  const [isPicking, setPicking] = useState(false);
  const labelOf = (run: Run) =>
    "field" in run
      ? `${labels.field(fields, run.field)}${run.format ? ` (${labels.format(run.format)})` : ""}`
      : "";
  const shown = JSON.stringify([runs, runs.map(labelOf)]);

  // At once, not a moment later: whoever has begun to type meanwhile would be written over, and lose the caret.
  useLayoutEffect(() => {
    const place = told.current.indexOf(shown);
    told.current.splice(0, place < 0 ? told.current.length : place + 1);
    if (text.current && place < 0) writeRuns(text.current, runs, labelOf);
  }, [shown]);
  useEffect(() => {
    const keep = () => {
      const range = text.current && rangeIn(text.current);
      if (range) chosen.current = range;
    };
    document.addEventListener("selectionchange", keep);
    return () => document.removeEventListener("selectionchange", keep);
  }, []);

  const written = () => runsOf(atomsOf(text.current ? readRuns(text.current) : runs));
  const read = () => {
    const now = written();
    told.current.push(JSON.stringify([now, now.map(labelOf)]));
    onChange(now);
  };
  const change = (changed: Run[], range: Range) => {
    const place = text.current;
    if (!place) return;
    writeRuns(place, changed, labelOf);
    place.focus();
    chooseIn(place, range);
    read();
  };
  const range = (): Range => {
    const { length } = atomsOf(written());
    const { from, to } = chosen.current;
    return { from: Math.min(from, length), to: Math.min(to, length) };
  };
  const mark = (name: "bold" | "italic") => change(marked(written(), name, range()), range());

  return (
    <div class="runs" data-place={place}>
      {/* biome-ignore lint/a11y/useSemanticElements: a textarea holds no bound values. */}
      <div
        ref={text}
        class="written"
        role="textbox"
        tabIndex={0}
        aria-multiline="true"
        aria-labelledby={labelledBy}
        aria-describedby={describedBy}
        contentEditable="plaintext-only"
        onInput={read}
        onKeyDown={(event) => {
          const name = ({ b: "bold", i: "italic" } as const)[event.key.toLowerCase() as "b" | "i"];
          if (!(event.ctrlKey || event.metaKey) || !name) return;
          event.preventDefault();
          mark(name);
        }}
      />
      <p class="actions">
        {(["bold", "italic"] as const).map((name) => (
          <button
            key={name}
            type="button"
            class={name}
            aria-label={say(name)}
            title={say(name)}
            // The text keeps what is chosen in it.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => mark(name)}
          >
            {name === "bold" ? "B" : "I"}
          </button>
        ))}
        <button type="button" onClick={() => setPicking(true)}>
          {say("insert_field")}
        </button>
      </p>
      {isPicking && (
        <FieldPicker
          fields={fields}
          onDone={(picked) => {
            setPicking(false);
            if (!picked) return;
            const { from, to } = range();
            change(bound(written(), picked.field, picked.format, { from, to }), {
              from: from + 1,
              to: from + 1,
            });
          }}
        />
      )}
    </div>
  );
}
