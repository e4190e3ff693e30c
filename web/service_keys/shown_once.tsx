import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useTexts } from "../components/texts.ts";
import { serviceKeyTexts } from "../texts/service_keys/index.ts";

/** A key as it is told this once: it is kept nowhere in the browser, and gone with this part of the page. */
export function ShownOnce({ name, token, onDone }: { name: string; token: string; onDone(): void }) {
  const say = useTexts(serviceKeyTexts);
  const field = useRef<HTMLInputElement>(null);
  const [isCopied, setCopied] = useState(false);
  useLayoutEffect(() => field.current?.focus(), []);
  const copy = async () => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(token);
      setCopied(true);
    } catch {
      // It is selected: whoever may not write to the clipboard copies it by the keyboard.
    }
  };
  return (
    <div class="notice">
      <div class="field">
        <label for="the-key">{say("the_key", { name })}</label>
        <p class="hint" id="the-key-once">
          {say("once")}
        </p>
        <input
          id="the-key"
          ref={field}
          type="text"
          readOnly
          value={token}
          autocomplete="off"
          spellcheck={false}
          aria-describedby="the-key-once"
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
      </div>
      <p role="status">{isCopied && say("copied")}</p>
      <p class="actions">
        <button type="button" class="main" onClick={() => void copy()}>
          {say("copy")}
        </button>
        <button type="button" onClick={onDone}>
          {say("done")}
        </button>
      </p>
    </div>
  );
}
