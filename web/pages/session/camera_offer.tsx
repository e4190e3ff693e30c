import type { Camera, CameraProblem } from "../../capture/camera.ts";
import { Waiting } from "../../components/page.tsx";
import { useTexts } from "../../components/texts.ts";
import { sessionTexts } from "../../texts/session/index.ts";
import type { Listed } from "./door.ts";

/** Whether a camera looks on: offered to who agreed to it, and told how to agree to everybody else. Nobody has to. */
export function CameraOffer({
  agrees,
  clinic,
  camera,
  onCamera,
}: {
  agrees: Listed["agrees"];
  clinic: string;
  camera: { opened: Camera | null; problem: CameraProblem | null; isOpening: boolean };
  onCamera(isWanted: boolean): void;
}) {
  const say = useTexts(sessionTexts);
  const isWanted = camera.opened !== null || camera.isOpening;
  return (
    <section aria-labelledby="camera">
      <h2 id="camera">{say("camera")}</h2>
      {agrees.pose ? (
        <>
          <p>{say("camera_words")}</p>
          <label class="option">
            <input
              type="checkbox"
              checked={isWanted}
              onChange={({ currentTarget }) => onCamera(currentTarget.checked)}
            />
            <span>{say("use_camera")}</span>
          </label>
          <p class="problem" role="alert">
            {camera.problem ? say(`camera_${camera.problem}`) : ""}
          </p>
          {camera.isOpening && <Waiting>{say("camera_opens")}</Waiting>}
        </>
      ) : (
        <p class="notice">
          {say("no_pose_consent", { clinic })}{" "}
          <a class="button" href="/consents">
            {say("to_consents")}
          </a>
        </p>
      )}
      {!agrees.media && (
        <p class="notice">
          {say("no_media_consent")}{" "}
          <a class="button" href="/consents">
            {say("to_consents")}
          </a>
        </p>
      )}
    </section>
  );
}
