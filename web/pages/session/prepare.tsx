import { useContext, useState } from "preact/hooks";
import type { UUID } from "../../../client/index.ts";
import type { Camera, CameraProblem } from "../../capture/camera.ts";
import { StepHeading, Waiting } from "../../components/page.tsx";
import { LanguageContext, useTexts } from "../../components/texts.ts";
import { sessionTexts } from "../../texts/session/index.ts";
import { CameraOffer } from "./camera_offer.tsx";
import { CameraView } from "./camera_view.tsx";
import type { Listed } from "./door.ts";
import { Pain } from "./pain.tsx";
import { prescribedIn } from "./prescribed.ts";

export type Prepared = { acknowledged: UUID[]; painBefore: number };

/** Before a session: what is to be done, for whom it is not, whether a camera looks on, and how much it hurts. */
export function Prepare({
  session,
  known,
  camera,
  isWaiting,
  onCamera,
  onBegin,
  onBack,
}: {
  session: Listed;
  known: { acknowledged: UUID[]; painBefore: number | null };
  camera: { opened: Camera | null; problem: CameraProblem | null; isOpening: boolean };
  isWaiting: boolean;
  onCamera(isWanted: boolean): void;
  onBegin(prepared: Prepared): void;
  onBack(): void;
}) {
  const language = useContext(LanguageContext);
  const say = useTexts(sessionTexts);
  const [acknowledged, setAcknowledged] = useState(known.acknowledged);
  const [pain, setPain] = useState(known.painBefore);
  const [isTried, setTried] = useState(false);
  const asked = session.warnings.filter(({ severity }) => severity === "absolute");
  const others = session.warnings.filter(({ severity }) => severity !== "absolute");
  const missing = asked.filter(({ id }) => !acknowledged.includes(id));

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (missing.length === 0 && pain !== null && !isWaiting)
          onBegin({ acknowledged: asked.map(({ id }) => id), painBefore: pain });
      }}
    >
      <StepHeading>{session.title[language]}</StepHeading>
      <p>{say("is_information", { clinic: session.clinic })}</p>
      <h2>{say("exercises")}</h2>
      <ol>
        {session.exercises.map(({ place, name, prescription }) => (
          <li key={place}>
            {name[language]} <span class="soft">{prescribedIn(say, prescription).join(", ")}</span>
          </li>
        ))}
      </ol>
      {asked.length > 0 && (
        <fieldset class={isTried && missing.length > 0 ? "entry wrong" : "entry"} aria-describedby="not-read">
          <legend>{say("not_for_you")}</legend>
          <p>{say("not_for_you_words")}</p>
          {asked.map(({ id, text, exercise }) => (
            <label key={id} class="option">
              <input
                type="checkbox"
                checked={acknowledged.includes(id)}
                onChange={({ currentTarget }) =>
                  setAcknowledged(
                    currentTarget.checked ? [...acknowledged, id] : acknowledged.filter((one) => one !== id),
                  )
                }
              />
              <span>
                {say("do_not_have", { what: text[language] })} <span class="soft">{exercise[language]}</span>
              </span>
            </label>
          ))}
          <p class="problem" id="not-read" role="alert">
            {isTried && missing.length > 0 ? say("read_all") : ""}
          </p>
        </fieldset>
      )}
      {others.length > 0 && (
        <>
          <h2>{say("take_care")}</h2>
          <ul class="plain">
            {others.map(({ id, severity, text, exercise }) => (
              <li key={id}>
                <strong>{say(`severity_${severity}`)}</strong> {text[language]}{" "}
                <span class="soft">{exercise[language]}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <CameraOffer agrees={session.agrees} clinic={session.clinic} camera={camera} onCamera={onCamera} />
      {camera.opened && (
        <CameraView camera={camera.opened} onFrame={() => {}} onFailed={() => onCamera(false)} />
      )}
      <Pain
        legend={say("pain_before")}
        value={pain}
        problem={isTried && pain === null ? say("choose_pain") : ""}
        onValue={setPain}
      />
      {isWaiting && <Waiting>{say("starting")}</Waiting>}
      <p class="actions">
        <button type="submit" class="main" aria-disabled={isWaiting}>
          {say(session.isStarted ? "go_on" : "begin")}
        </button>
        <button type="button" onClick={onBack}>
          {say("back")}
        </button>
      </p>
    </form>
  );
}
