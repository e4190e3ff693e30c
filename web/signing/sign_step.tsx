import { useRef, useState } from "preact/hooks";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { StepHeading } from "../components/page.tsx";
import { useTexts } from "../components/texts.ts";
import { signingTexts } from "../texts/signing/index.ts";
import type { Drawing, Signature, SigningForm } from "./door.ts";
import { DrawingPad } from "./drawing_pad.tsx";

/** What one agrees to, in full, and the signature below it; or that one does not sign. */
export function SignStep({
  form,
  onBack,
  onSign,
  onRefuse,
  onFailure,
}: {
  form: SigningForm;
  onBack(): void;
  onSign(signature: Signature): Promise<void>;
  onRefuse(reason: string): Promise<void>;
  /** Whether it went on elsewhere; what did not is told here. */
  onFailure(error: unknown): boolean;
}) {
  const say = useTexts(signingTexts);
  const [name, setName] = useState("");
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  const [agreed, setAgreed] = useState(false);
  const [found, setMissing] = useState<"agree" | "signature" | null>(null);
  const [isAsking, setAsking] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const place = useRef<HTMLFormElement>(null);

  const attempt = async (act: () => Promise<void>) => {
    if (isAsking) return;
    setAsking(true);
    setFailure(null);
    try {
      await act();
    } catch (error) {
      setAsking(false);
      if (!onFailure(error)) setFailure(failureOf(error, say("offline_sign")));
    }
  };
  const isSigned = form.signature === "typed" ? name.trim() !== "" : drawing !== null;
  // What was missing is said until it is there.
  const missing = (found === "agree" ? agreed : isSigned) ? null : found;
  const submit = (event: Event) => {
    event.preventDefault();
    const signature =
      form.signature === "typed"
        ? name.trim() !== "" && { typedName: name.trim() }
        : drawing !== null && { drawing };
    const lacking = agreed ? (signature ? null : "signature") : "agree";
    setMissing(lacking);
    if (lacking)
      place.current?.querySelector<HTMLElement>(lacking === "agree" ? "#agree" : "#signature")?.focus();
    else if (signature) void attempt(() => onSign(signature));
  };

  return (
    <>
      <form onSubmit={submit} noValidate ref={place}>
        <StepHeading>{say("sign_title")}</StepHeading>
        {form.purposes.length > 0 && <p>{say("purposes", { count: form.purposes.length })}</p>}
        {form.purposes.map(({ code, version, title, body }) => (
          <section class="purpose" key={code}>
            <h2>{title}</h2>
            <p class="lines">{body}</p>
            <p class="soft">{say("version", { version })}</p>
          </section>
        ))}
        <div class={missing === "agree" ? "field wrong" : "field"}>
          <label class="option">
            <input
              id="agree"
              type="checkbox"
              checked={agreed}
              aria-invalid={missing === "agree"}
              aria-describedby={missing === "agree" ? "agree-problem" : undefined}
              onChange={({ currentTarget }) => setAgreed(currentTarget.checked)}
            />
            <span>{form.intent ?? say("intent")}</span>
          </label>
          {missing === "agree" && (
            <p class="problem" id="agree-problem">
              {say("must_agree")}
            </p>
          )}
        </div>
        <div class={missing === "signature" ? "field wrong" : "field"}>
          {form.signature === "typed" ? (
            <>
              <label for="signature">{say("typed_name")}</label>
              <input
                id="signature"
                type="text"
                class="signature"
                autocomplete="name"
                aria-invalid={missing === "signature"}
                aria-describedby={missing === "signature" ? "signature-problem" : undefined}
                value={name}
                onInput={({ currentTarget }) => setName(currentTarget.value)}
              />
            </>
          ) : (
            <DrawingPad
              id="signature"
              describedBy={missing === "signature" ? "signature-problem" : undefined}
              onDrawing={setDrawing}
            />
          )}
          {missing === "signature" && (
            <p class="problem" id="signature-problem">
              {say("must_sign")}
            </p>
          )}
        </div>
        <FailureNotice failure={failure} />
        <p class="actions">
          <button type="submit" class="main" aria-disabled={isAsking}>
            {say(isAsking ? "signing" : "sign")}
          </button>
          <button type="button" onClick={onBack}>
            {say("back")}
          </button>
        </p>
      </form>
      <Refuse onRefuse={(reason) => attempt(() => onRefuse(reason))} />
    </>
  );
}

function Refuse({ onRefuse }: { onRefuse(reason: string): Promise<void> }) {
  const say = useTexts(signingTexts);
  const [reason, setReason] = useState("");
  return (
    <details>
      <summary>{say("refuse_open")}</summary>
      <p>{say("refuse_words")}</p>
      <div class="field">
        <label for="reason">{say("refuse_reason")}</label>
        <textarea
          id="reason"
          rows={3}
          maxLength={500}
          value={reason}
          onInput={({ currentTarget }) => setReason(currentTarget.value)}
        />
      </div>
      <button type="button" class="danger" onClick={() => void onRefuse(reason.trim())}>
        {say("refuse")}
      </button>
    </details>
  );
}
