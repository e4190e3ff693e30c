import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { refusalOf, Unreachable } from "../../client/refused.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { asLanguage, type Language, languageOfBrowser } from "../components/language.ts";
import { FailureNotice } from "../components/notice.tsx";
import { PageFrame, StepHeading, Waiting } from "../components/page.tsx";
import type { Answers } from "../forms/content.ts";
import { asProblems, type Found } from "../forms/found.ts";
import { inWords } from "../forms/words.ts";
import { signingTexts } from "../texts/signing/index.ts";
import { Answering } from "./answering.tsx";
import type { Door, Invitation, Signature, SigningForm } from "./door.ts";
import type { Drafts } from "./draft.ts";
import { DeadLink, Done, Refusal } from "./ends.tsx";
import { Identify } from "./identify.tsx";
import { SignStep } from "./sign_step.tsx";

type Stage =
  | { at: "loading" | "failed" | "identify" | "answer" | "sign" | "refused" }
  | { at: "dead"; reason: string; code: string }
  | { at: "done"; signed: { signedAt: string; proofHash: string } | null };

/** Refusals after which a link leads no further, or no further as the same person. */
const endings = ["GONE", "NOT_FOUND", "UNAUTHENTICATED"];

/** From a token to a signature: who one is, the form, the signature, the end. `onEnd`: what a kiosk does then. */
export function Signing({ door, drafts, onEnd }: { door: Door; drafts: Drafts; onEnd?: () => void }) {
  const [language, setLanguage] = useState<Language>(languageOfBrowser);
  const say = useMemo(() => signingTexts(language), [language]);
  const [stage, setStage] = useState<Stage>({ at: "loading" });
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  const [form, setForm] = useState<SigningForm | null>(null);
  const [answers, setAnswers] = useState<Answers>({});
  const [found, setFound] = useState<ReadonlyMap<string, string>>(new Map());
  const [failure, setFailure] = useState<Failure | null>(null);
  const stageNow = useRef(stage);
  stageNow.current = stage;
  door.speak(language);

  /** What ends the way here is said on a page of its own; anything else where it happened. */
  const fail = (error: unknown): void => {
    const refusal = refusalOf(error);
    const { code, reason } = refusal ?? {};
    if (code === "GONE" || code === "NOT_FOUND") {
      setStage({ at: "dead", reason: code === "GONE" ? `${reason}` : "unknown", code: `${code} ${reason}` });
    } else if (code === "UNAUTHENTICATED" && invitation?.identify) {
      identifyAnew();
    } else {
      setFailure(failureOf(error, say("offline")));
      setStage({ at: "failed" });
    }
  };
  /** A session ends before its link does. */
  const identifyAnew = () => {
    drafts.write({ session: undefined });
    door.resume(undefined);
    setStage({ at: "identify" });
  };

  const openForm = async (speaking: Language) => {
    const opened = await door.form();
    const draft = drafts.read();
    // What was typed last in this tab is newer than what the API was sent.
    const kept = draft.formId === opened.formId ? draft.answers : undefined;
    setForm(opened);
    setAnswers(kept ?? opened.answers);
    drafts.write({ formId: opened.formId });
    setLanguage(asLanguage(opened.locale) ?? speaking);
    history.replaceState(null, "");
    setStage({ at: "answer" });
  };

  const begin = async () => {
    setFailure(null);
    setStage({ at: "loading" });
    try {
      const invited = await door.look();
      const speaking = asLanguage(invited.locale) ?? language;
      setInvitation(invited);
      setLanguage(speaking);
      door.speak(speaking);
      const { session } = drafts.read();
      door.resume(session);
      if (invited.identify && !session) return setStage({ at: "identify" });
      await openForm(speaking).catch((error: unknown) => {
        if (!invited.identify || !refusalOf(error, "UNAUTHENTICATED")) throw error;
        identifyAnew();
      });
    } catch (error) {
      fail(error);
    }
  };

  useEffect(() => void begin(), [door]);
  useEffect(() => {
    const back = () => {
      const { at } = stageNow.current;
      if (at === "sign" || at === "answer")
        setStage({ at: history.state?.at === "sign" ? "sign" : "answer" });
    };
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  }, []);

  const end = (last: Stage) => {
    drafts.forget();
    setAnswers({});
    setForm(null);
    setStage(last);
  };
  const speak = (next: Language) => {
    setLanguage(next);
    door.speak(next);
    // What is signed is the text in the language that is shown.
    if (form) door.form().then(setForm).catch(fail);
  };
  const title = form?.title ?? say("title");

  return (
    <PageFrame name={invitation?.clinic.name ?? ""} title={title} language={language} onLanguage={speak}>
      {body()}
    </PageFrame>
  );

  function body() {
    switch (stage.at) {
      case "loading":
        return <Waiting>{say("loading")}</Waiting>;
      case "failed":
        return (
          <>
            <StepHeading>{say("failed")}</StepHeading>
            <FailureNotice failure={failure} />
            <button type="button" class="main" onClick={() => void begin()}>
              {say("again")}
            </button>
          </>
        );
      case "dead":
        return (
          <DeadLink reason={stage.reason} code={stage.code} isKiosk={onEnd !== undefined} onEnd={onEnd} />
        );
      case "identify":
        return (
          invitation?.identify && (
            <Identify
              by={invitation.identify.by}
              attemptsLeft={invitation.identify.attemptsLeft}
              clinic={invitation.clinic.name}
              onIdentify={async (shown) => {
                drafts.write({ session: await door.identify(shown) });
                await openForm(language);
              }}
              onEnded={fail}
            />
          )
        );
      case "answer":
        return (
          form && (
            <Answering
              door={door}
              drafts={drafts}
              form={form}
              answers={answers}
              found={found}
              onAnswers={setAnswers}
              onFailure={fail}
              onAnswered={() => {
                history.pushState({ at: "sign" }, "");
                setFound(new Map());
                setStage({ at: "sign" });
              }}
            />
          )
        );
      case "sign":
        return (
          form && (
            <SignStep
              form={form}
              onBack={() => history.back()}
              onSign={async (signature) => {
                const { textHash } = form;
                end({ at: "done", signed: await signOnce(textHash, signature) });
              }}
              onRefuse={async (reason) => {
                await door.refuse(reason);
                end({ at: "refused" });
              }}
              onFailure={(error) => {
                const refusal = refusalOf(error);
                const { fields } = (refusal?.details ?? {}) as { fields?: Found[] };
                if (refusal?.code === "VALIDATION" && fields) {
                  setFound(inWords(asProblems(fields), language));
                  history.back();
                } else if (refusal?.reason === ("text_is_another" as never)) {
                  // The clinic's words changed meanwhile: they are shown before anything is signed.
                  door.form().then(setForm).catch(fail);
                  return false;
                } else if (endings.includes(refusal?.code ?? "")) {
                  fail(error);
                } else return false;
                return true;
              }}
            />
          )
        );
      case "done":
        return <Done signed={stage.signed} onEnd={onEnd} />;
      case "refused":
        return <Refusal onEnd={onEnd} />;
    }
  }

  /** Signs. Where the answer was lost, a link that is used up says that it was done. */
  async function signOnce(textHash: string, signature: Signature) {
    try {
      return await door.sign({ answers, textHash, locale: language, ...signature });
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      const used = await door.look().then(
        () => false,
        (second: unknown) => refusalOf(second, "GONE")?.reason === ("used" as never),
      );
      if (!used) throw error;
      return null;
    }
  }
}
