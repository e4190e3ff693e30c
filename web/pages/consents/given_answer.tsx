import { useContext, useState } from "preact/hooks";
import type { Client } from "../../../client/index.ts";
import { type Failure, failureOf } from "../../components/failure.ts";
import { locales } from "../../components/language.ts";
import { FailureNotice } from "../../components/notice.tsx";
import { Waiting } from "../../components/page.tsx";
import { LanguageContext, useTexts } from "../../components/texts.ts";
import { HowItWasSignedDocument, type HowItWasSignedQuery } from "../../documents/generated/operations.ts";
import { consentTexts } from "../../texts/consents/index.ts";
import type { Given } from "./asked.ts";

const sources = ["form", "self", "staff"] as const;

/** One answer: when, by whom and how it was given, whether it was withdrawn, and the signature of a form. */
export function GivenAnswer({ answer, client }: { answer: Given; client: Client }) {
  const language = useContext(LanguageContext);
  const say = useTexts(consentTexts);
  const moment = (instant: string) =>
    new Intl.DateTimeFormat(locales[language], { dateStyle: "long", timeStyle: "short" }).format(
      new Date(instant),
    );
  const by = sources.find((one) => one === answer.source.toLowerCase()) ?? "staff";
  const source = answer.emergencyReason ? "emergency" : by;
  return (
    <li>
      <p>
        {say(answer.decision.toLowerCase() === "granted" ? "granted_at" : "refused_at", {
          moment: moment(answer.decidedAt),
          version: answer.version?.number ?? "",
        })}{" "}
        {say(`source_${source}`)}
        {answer.decidedByName && ` ${say("decided_by", { name: answer.decidedByName })}`}
      </p>
      {answer.withdrawnAt && <p>{say("withdrawn_at", { moment: moment(answer.withdrawnAt) })}</p>}
      {answer.sourceFormId && <Signature formId={answer.sourceFormId} client={client} />}
    </li>
  );
}

/** How a form was signed: asked for only where somebody wants to see it. */
function Signature({ formId, client }: { formId: NonNullable<Given["sourceFormId"]>; client: Client }) {
  const language = useContext(LanguageContext);
  const say = useTexts(consentTexts);
  const [signed, setSigned] = useState<HowItWasSignedQuery | null>(null);
  const [isAsking, setAsking] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  if (isAsking) return <Waiting>{say("loading")}</Waiting>;
  const signature = signed?.form?.formSignature;
  if (!signature)
    return (
      <>
        <FailureNotice failure={failure} />
        <button
          type="button"
          onClick={async () => {
            setAsking(true);
            setFailure(null);
            await client
              .ask(HowItWasSignedDocument, { form: formId })
              .then(setSigned)
              .catch((error: unknown) => setFailure(failureOf(error, say("offline"))));
            setAsking(false);
          }}
        >
          {say("show_signature")}
        </button>
      </>
    );
  const mode = signature.mode.toLowerCase() as "click_typed" | "drawn_kiosk" | "remote_link";
  return (
    <figure>
      {signed.signatureImage ? (
        <img
          src={pictureOf(signed.signatureImage)}
          alt={say("signature_of", { name: signature.signerName })}
        />
      ) : (
        <p class="signature">{signature.typedName}</p>
      )}
      <figcaption>
        {say(`mode_${mode}`, {
          name: signature.signerName,
          moment: new Intl.DateTimeFormat(locales[language], {
            dateStyle: "long",
            timeStyle: "short",
          }).format(new Date(signature.signedAt)),
        })}{" "}
        {say(signed.signatureVerification?.isWhole ? "proof_holds" : "proof_fails")}
        <span class="code"> {signature.proofSha256}</span>
      </figcaption>
    </figure>
  );
}

/** The policy of the page lets it show pictures that it made itself, and none that is written into an address. */
function pictureOf(base64: string): string {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
}
