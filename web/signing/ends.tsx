import { useContext } from "preact/hooks";
import { locales } from "../components/language.ts";
import { StepHeading } from "../components/page.tsx";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { signingTexts } from "../texts/signing/index.ts";

type End = { onEnd: (() => void) | undefined };

/** Why a link leads nowhere any more, and what to do about it. */
export function DeadLink({
  reason,
  code,
  isKiosk,
  onEnd,
}: End & { reason: string; code: string; isKiosk: boolean }) {
  const say = useTexts(signingTexts);
  const why = (["used", "expired", "revoked", "locked"] as const).find((one) => one === reason) ?? "unknown";
  return (
    <>
      <StepHeading>{say(`dead_${why}`)}</StepHeading>
      <p>{say(isKiosk ? "what_now_kiosk" : `what_now_${why}`)}</p>
      <p class="code">{code}</p>
      <Return onEnd={onEnd} />
    </>
  );
}

/** That it is signed, and when. The number is what the clinic finds the proof by. */
export function Done({ signed, onEnd }: End & { signed: { signedAt: string; proofHash: string } | null }) {
  const say = useTexts(signingTexts);
  const language = useContext(LanguageContext);
  const moment = (instant: string) =>
    new Intl.DateTimeFormat(locales[language], { dateStyle: "long", timeStyle: "short" }).format(
      new Date(instant),
    );
  return (
    <>
      <StepHeading>{say("done_title")}</StepHeading>
      <p>{signed ? say("done_at", { moment: moment(signed.signedAt) }) : say("done_before")}</p>
      <p>{say(onEnd ? "done_kiosk" : "done_link")}</p>
      {signed && <p class="code">{say("proof", { hash: signed.proofHash })}</p>}
      <Return onEnd={onEnd} />
    </>
  );
}

export function Refusal({ onEnd }: End) {
  const say = useTexts(signingTexts);
  return (
    <>
      <StepHeading>{say("refused_title")}</StepHeading>
      <p>{say("refused_words")}</p>
      <Return onEnd={onEnd} />
    </>
  );
}

function Return({ onEnd }: End) {
  const say = useTexts(signingTexts);
  return onEnd ? (
    <button type="button" class="main" onClick={onEnd}>
      {say("finish")}
    </button>
  ) : null;
}
