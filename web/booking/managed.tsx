import { useContext, useState } from "preact/hooks";
import type { Clinic, GuestBooking } from "../../client/generated/http.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { locales } from "../components/language.ts";
import { FailureNotice } from "../components/notice.tsx";
import { StepHeading } from "../components/page.tsx";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { bookingTexts } from "../texts/booking/index.ts";
import { Moment } from "./chosen.tsx";
import { ClinicContact } from "./done.tsx";
import type { Door } from "./door.ts";

/** What became of a booking: the visit, once the clinic made it one, else the request. */
function standingOf({ status, appointment }: GuestBooking) {
  return status === "confirmed" && appointment
    ? (`visit_${appointment.status}` as const)
    : (`request_${status}` as const);
}

/** A booking as it stands, and what can still be done about it. */
export function Managed({
  door,
  booking,
  clinic,
  done,
  onMove,
  onCancel,
}: {
  door: Door;
  booking: GuestBooking;
  clinic: Clinic | null;
  /** What was just done. */
  done: "moved" | "cancelled" | null;
  onMove(): void;
  onCancel(reason: string): Promise<void>;
}) {
  const say = useTexts(bookingTexts);
  const moment = useMoment(booking.timezone);
  const place = [clinic?.street, clinic?.city].filter(Boolean).join(", ");
  const { phone, email, name } = booking.clinic;

  return (
    <>
      <StepHeading>{say(standingOf(booking))}</StepHeading>
      <p role="status">
        {done === "moved" && say(booking.status === "requested" ? "moved_asked_again" : "moved")}
        {done === "cancelled" && say("cancelled_words")}
        {booking.appointment?.isLateCancellation && say("cancelled_late")}
      </p>
      {booking.status === "requested" && booking.respondBy && (
        <p>{say("next_answer_by", { clinic: name, moment: moment(booking.respondBy) })}</p>
      )}
      {booking.rejectionReason && (
        <p class="lines">{say("rejected_because", { reason: booking.rejectionReason })}</p>
      )}
      <dl class="facts">
        <dt>{say("service")}</dt>
        <dd>
          {booking.serviceName} <span class="soft">{say(`modality_${booking.modality}`)}</span>
        </dd>
        {booking.specialistName && (
          <>
            <dt>{say("specialist")}</dt>
            <dd>{booking.specialistName}</dd>
          </>
        )}
        <dt>{say("when")}</dt>
        <dd>
          <Moment zone={booking.timezone} startsAt={booking.startsAt} endsAt={booking.endsAt} />
        </dd>
        {booking.modality === "in_person" && place && (
          <>
            <dt>{say("where")}</dt>
            <dd>
              {name}, {place}
            </dd>
          </>
        )}
      </dl>
      {booking.modality === "video" && <p>{say("video_words")}</p>}
      {booking.modality === "phone" && <p>{say("phone_words")}</p>}
      {booking.mayMove && (
        <p class="actions">
          <button type="button" onClick={onMove}>
            {say("move")}
          </button>
          {booking.moveUntil && (
            <span class="soft">{say("move_until", { moment: moment(booking.moveUntil) })}</span>
          )}
        </p>
      )}
      {booking.mayCancel && <Cancelling door={door} booking={booking} onCancel={onCancel} />}
      {!booking.mayMove && !booking.mayCancel && isAhead(booking, door.now()) && <p>{say("only_clinic")}</p>}
      <ClinicContact clinic={{ contactPhone: phone, contactEmail: email }} />
      <p>
        <a class="button" href={`/book/${booking.clinic.slug}`}>
          {say("book_another")}
        </a>
      </p>
    </>
  );
}

/** Whether it still stands, and is to come. */
function isAhead({ status, appointment, startsAt }: GuestBooking, now: number): boolean {
  const stands = status === "requested" || (status === "confirmed" && appointment?.status !== "cancelled");
  return stands && Date.parse(startsAt) > now;
}

/** Says first whether it is late, and what follows; then asks why, and does it. */
function Cancelling({
  door,
  booking,
  onCancel,
}: {
  door: Door;
  booking: GuestBooking;
  onCancel(reason: string): Promise<void>;
}) {
  const say = useTexts(bookingTexts);
  const moment = useMoment(booking.timezone);
  const [reason, setReason] = useState("");
  const [isAsking, setAsking] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const until = booking.cancelFreelyUntil;
  const isLate = until !== null && Date.parse(until) < door.now();
  const submit = async (event: Event) => {
    event.preventDefault();
    if (isAsking) return;
    setAsking(true);
    setFailure(null);
    // What is shown next tells that it was done.
    await onCancel(reason.trim()).catch((error: unknown) => {
      setFailure(failureOf(error, say("offline")));
      setAsking(false);
    });
  };
  return (
    <details>
      <summary>{say(booking.status === "requested" ? "withdraw" : "cancel")}</summary>
      <form onSubmit={submit} noValidate>
        {booking.status === "requested" ? (
          <p>{say("withdraw_words")}</p>
        ) : isLate ? (
          <p class="notice bad">{say("cancel_late", { moment: moment(until) })}</p>
        ) : (
          <p>{until ? say("cancel_free_until", { moment: moment(until) }) : say("cancel_free")}</p>
        )}
        <div class="field">
          <label for="reason">
            {say("cancel_reason")} <span class="soft">{say("optional")}</span>
          </label>
          <textarea
            id="reason"
            rows={2}
            maxLength={500}
            value={reason}
            onInput={({ currentTarget }) => setReason(currentTarget.value)}
          />
        </div>
        <FailureNotice failure={failure} />
        <button type="submit" class="danger" aria-disabled={isAsking}>
          {say(isAsking ? "cancelling" : booking.status === "requested" ? "withdraw_now" : "cancel_now")}
        </button>
      </form>
    </details>
  );
}

/** An instant in words, by the clinic's clocks. */
function useMoment(timeZone: string): (instant: string) => string {
  const language = useContext(LanguageContext);
  return (instant) =>
    new Intl.DateTimeFormat(locales[language], { dateStyle: "long", timeStyle: "short", timeZone }).format(
      new Date(instant),
    );
}
