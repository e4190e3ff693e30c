import type { ComponentChildren } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { useTexts } from "../../components/texts.ts";
import { consentTexts } from "../../texts/consents/index.ts";

/** A button that first shows what it is about, or what follows from it, and does it when it is pressed once more there. */
export function Confirm({
  open,
  kind,
  act,
  onAct,
  children,
}: {
  open: string;
  kind: "main" | "danger" | "";
  act: string;
  onAct(): Promise<void>;
  children: ComponentChildren;
}) {
  const say = useTexts(consentTexts);
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [isActing, setActing] = useState(false);
  return (
    <>
      <button type="button" class={kind} onClick={() => dialog.current?.showModal()}>
        {open}
      </button>
      <dialog ref={dialog} aria-labelledby={id}>
        <h2 id={id}>{open}</h2>
        {children}
        <p class="actions">
          <button
            type="button"
            class={kind === "danger" ? "danger" : "main"}
            aria-disabled={isActing}
            onClick={async () => {
              if (isActing) return;
              setActing(true);
              await onAct();
              setActing(false);
              dialog.current?.close();
            }}
          >
            {isActing ? say("working") : act}
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            {say("leave_it")}
          </button>
        </p>
      </dialog>
    </>
  );
}
