import { useContext, useEffect, useId, useRef, useState } from "preact/hooks";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { templateTexts } from "../texts/templates/index.ts";
import { useLabels } from "./context.ts";
import type { Field } from "./contract.ts";

/** Asks which value is bound, and how it is written where there are several ways. */
export function FieldPicker({
  fields,
  onDone,
}: {
  fields: Field[];
  onDone(picked: { field: string; format: string } | null): void;
}) {
  const say = useTexts(templateTexts);
  const language = useContext(LanguageContext);
  const labels = useLabels();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [code, setCode] = useState(fields[0]?.code ?? "");
  const [format, setFormat] = useState("");
  const formats = fields.find((field) => field.code === code)?.formats ?? [];
  useEffect(() => dialog.current?.showModal(), []);
  // While it is open nothing outside of it takes the focus; closed, it gives the focus back.
  const end = (picked: { field: string; format: string } | null) => {
    dialog.current?.close();
    onDone(picked);
  };
  return (
    <dialog
      ref={dialog}
      aria-labelledby={`${id}-title`}
      onCancel={(event) => {
        event.preventDefault();
        end(null);
      }}
    >
      <h2 id={`${id}-title`}>{say("insert_field_title")}</h2>
      <p class="field">
        <label for={`${id}-field`}>{say("field")}</label>
        <select
          id={`${id}-field`}
          value={code}
          onChange={({ currentTarget }) => {
            setCode(currentTarget.value);
            setFormat("");
          }}
        >
          {fields.map((field) => (
            <option key={field.code} value={field.code}>
              {field.label[language]}
            </option>
          ))}
        </select>
      </p>
      {formats.length > 1 && (
        <p class="field">
          <label for={`${id}-format`}>{say("format")}</label>
          <select
            id={`${id}-format`}
            value={format || formats[0]}
            onChange={({ currentTarget }) => setFormat(currentTarget.value)}
          >
            {formats.map((one) => (
              <option key={one} value={one}>
                {labels.format(one)}
              </option>
            ))}
          </select>
        </p>
      )}
      <p class="actions">
        <button
          type="button"
          class="main"
          onClick={() => end({ field: code, format: format === formats[0] ? "" : format })}
        >
          {say("insert")}
        </button>
        <button type="button" onClick={() => end(null)}>
          {say("cancel")}
        </button>
      </p>
    </dialog>
  );
}
