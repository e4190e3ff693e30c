import { useId, useRef, useState } from "preact/hooks";
import { useTexts } from "../../components/texts.ts";
import { consentTexts } from "../../texts/consents/index.ts";

/** A button that asks once more before it does what cannot be taken back, and says what follows from it. */
export function Confirm({
  open,
  title,
  words,
  act,
  onAct,
}: {
  open: string;
  title: string;
  words: string;
  act: string;
  onAct(): Promise<void>;
}) {
  const say = useTexts(consentTexts);
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [isActing, setActing] = useState(false);
  return (
    <>
      <button type="button" class="danger" onClick={() => dialog.current?.showModal()}>
        {open}
      </button>
      <dialog ref={dialog} aria-labelledby={`${id}-title`} aria-describedby={`${id}-words`}>
        <h2 id={`${id}-title`}>{title}</h2>
        <p id={`${id}-words`}>{words}</p>
        <p class="actions">
          <button
            type="button"
            class="danger"
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
