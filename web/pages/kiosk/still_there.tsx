import { useEffect, useRef, useState } from "preact/hooks";
import { asLanguage } from "../../components/language.ts";
import { signingTexts } from "../../texts/signing/index.ts";

const QUIET_MS = 3 * 60_000;
const LAST_SECONDS = 30;

/** Asks whoever touches nothing for a while whether they are still there; where nobody answers, the kiosk forgets them. */
export function StillThere({ onNobody }: { onNobody(): void }) {
  const [left, setLeft] = useState<number | null>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    let quiet: ReturnType<typeof setTimeout>;
    const heard = () => {
      clearTimeout(quiet);
      quiet = setTimeout(() => setLeft(LAST_SECONDS), QUIET_MS);
    };
    heard();
    const signs = ["pointerdown", "keydown", "input"];
    for (const sign of signs) addEventListener(sign, heard);
    return () => {
      clearTimeout(quiet);
      for (const sign of signs) removeEventListener(sign, heard);
    };
  }, []);
  useEffect(() => {
    if (left === null) return dialog.current?.close();
    if (!dialog.current?.open) dialog.current?.showModal();
    if (left === 0) return onNobody();
    const second = setTimeout(() => setLeft(left - 1), 1_000);
    return () => clearTimeout(second);
  }, [left]);

  const say = signingTexts(asLanguage(document.documentElement.lang) ?? "ro");
  return (
    <dialog ref={dialog} aria-labelledby="still-there" onClose={() => setLeft(null)}>
      <h2 id="still-there">{say("still_there")}</h2>
      <p>{say("still_words", { count: left ?? LAST_SECONDS })}</p>
      <button type="button" class="main" onClick={() => dialog.current?.close()}>
        {say("still_here")}
      </button>
    </dialog>
  );
}
