import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Clinic, GuestBooking } from "../../client/generated/http.ts";
import { refusalOf } from "../../client/refused.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { type Language, languageOfBrowser } from "../components/language.ts";
import { FailureNotice } from "../components/notice.tsx";
import { PageFrame, StepHeading, Waiting } from "../components/page.tsx";
import { bookingTexts } from "../texts/booking/index.ts";
import type { Door } from "./door.ts";
import { Managed } from "./managed.tsx";
import { Moving } from "./moving.tsx";

/** One booking, behind its link: what became of it, and the way to cancel or move it. */
export function ManagingPage({
  door,
  token,
  asked,
}: {
  door: Door;
  token: string;
  asked: Language | undefined;
}) {
  const [language, setLanguage] = useState<Language>(asked ?? languageOfBrowser);
  const say = useMemo(() => bookingTexts(language), [language]);
  const [booking, setBooking] = useState<GuestBooking | null>(null);
  const [clinic, setClinic] = useState<Clinic | null>(null);
  const [isMoving, setMoving] = useState(false);
  const [done, setDone] = useState<"moved" | "cancelled" | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isDead, setDead] = useState(token === "");
  const speaking = useRef(language);
  speaking.current = language;
  door.speak(language);

  const begin = async () => {
    if (token === "") return;
    setFailure(null);
    try {
      const read = await door.readBooking({ token });
      // In the language that it was booked in, as its messages are.
      if (!asked) setLanguage(read.locale);
      setBooking(read);
      // Where it is and who else is there stands in what the clinic shows to everybody, if it still does.
      door.getClinic({ slug: read.clinic.slug }).then(setClinic, () => {});
    } catch (error) {
      const isGone = refusalOf(error, "NOT_FOUND") !== null || refusalOf(error, "GONE") !== null;
      setDead(isGone);
      setFailure(failureOf(error, bookingTexts(speaking.current)("offline")));
    }
  };
  useEffect(() => void begin(), [door, token]);
  useEffect(() => {
    const back = () => setMoving((history.state as { at?: string } | null)?.at === "moving");
    history.replaceState({}, "");
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  }, []);

  return (
    <PageFrame
      name={booking?.clinic.name ?? ""}
      title={say("my_booking")}
      language={language}
      onLanguage={setLanguage}
    >
      {body()}
    </PageFrame>
  );

  function body() {
    if (isDead)
      return (
        <>
          <StepHeading>{say("dead_link")}</StepHeading>
          <p>{say("dead_link_words")}</p>
          <FailureNotice failure={failure} />
        </>
      );
    if (!booking)
      return failure ? (
        <>
          <StepHeading>{say("failed")}</StepHeading>
          <FailureNotice failure={failure} />
          <button type="button" class="main" onClick={() => void begin()}>
            {say("again")}
          </button>
        </>
      ) : (
        <Waiting>{say("loading")}</Waiting>
      );
    if (isMoving)
      return (
        <Moving
          door={door}
          token={token}
          booking={booking}
          clinic={clinic}
          onMoved={(moved) => {
            setBooking(moved);
            setDone("moved");
            history.back();
          }}
          onBack={() => history.back()}
        />
      );
    return (
      <Managed
        door={door}
        booking={booking}
        clinic={clinic}
        done={done}
        onMove={() => {
          history.pushState({ at: "moving" }, "");
          setDone(null);
          setMoving(true);
        }}
        onCancel={async (reason) => {
          setBooking(await door.cancelBooking({ token, ...(reason ? { reason } : {}) }));
          setDone("cancelled");
        }}
      />
    );
  }
}
