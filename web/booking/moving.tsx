import { useMemo, useState } from "preact/hooks";
import type { Clinic, GuestBooking } from "../../client/generated/http.ts";
import type { UUID } from "../../client/scalars.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { StepHeading } from "../components/page.tsx";
import { useTexts } from "../components/texts.ts";
import { bookingTexts } from "../texts/booking/index.ts";
import { ChooseSpecialist } from "./choices.tsx";
import { Moment } from "./chosen.tsx";
import { ClinicContact } from "./done.tsx";
import { type Door, lostBy, toMove } from "./door.ts";
import { askedSpecialist, choiceOf, type Lost } from "./flow.ts";
import { LostTime } from "./lost_time.tsx";
import type { Day } from "./times.ts";
import type { Slot } from "./use_times.ts";
import { When } from "./when.tsx";

/** Another time for a booking, with the same days and times as booking itself. The old time is left only when the new one is taken. */
export function Moving({
  door,
  token,
  booking,
  clinic,
  onMoved,
  onBack,
}: {
  door: Door;
  token: string;
  booking: GuestBooking;
  clinic: Clinic | null;
  onMoved(moved: GuestBooking): void;
  onBack(): void;
}) {
  const say = useTexts(bookingTexts);
  const listing = useMemo(() => toMove(door, token), [door, token]);
  const calendar = clinic?.calendars.find(({ id }) => id === booking.calendarId);
  const [who, setWho] = useState<string | null>(booking.specialistId);
  const [day, setDay] = useState<Day | null>(null);
  const [lost, setLost] = useState<Lost | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);

  if (!calendar)
    return (
      <>
        <StepHeading>{say("move_title")}</StepHeading>
        <p>{say("only_clinic")}</p>
        <ClinicContact clinic={{ contactPhone: booking.clinic.phone, contactEmail: booking.clinic.email }} />
        <Back onBack={onBack} />
      </>
    );
  if (!who && choiceOf(calendar).length > 0)
    return (
      <>
        <ChooseSpecialist calendar={calendar} onChoose={setWho} />
        <Back onBack={onBack} />
      </>
    );

  const specialist = askedSpecialist(calendar, who);
  const take = async ({ startsAt }: Slot) => {
    setFailure(null);
    setLost(null);
    try {
      onMoved(
        await door.moveBooking({
          token,
          startsAt,
          ...(specialist ? { specialist: specialist as UUID } : {}),
        }),
      );
    } catch (error) {
      const taken = lostBy(error, startsAt);
      if (taken) setLost(taken);
      else setFailure(failureOf(error, say("offline")));
    }
  };
  return (
    <When
      key={`${specialist}`}
      door={listing}
      calendar={calendar}
      specialist={specialist}
      day={day}
      own={null}
      title={say("move_title")}
      onDay={setDay}
      onTake={take}
    >
      <p>
        {say("move_from")}{" "}
        <Moment zone={booking.timezone} startsAt={booking.startsAt} endsAt={booking.endsAt} />
      </p>
      {choiceOf(calendar).length > 0 && (
        <p class="actions">
          <button type="button" class="plain" onClick={() => setWho(null)}>
            {say("another_specialist")}
          </button>
        </p>
      )}
      {lost && (
        <LostTime door={listing} calendar={calendar} specialist={specialist} lost={lost} onTake={take} />
      )}
      <FailureNotice failure={failure} />
      <Back onBack={onBack} />
    </When>
  );
}

function Back({ onBack }: { onBack(): void }) {
  const say = useTexts(bookingTexts);
  return (
    <p>
      <button type="button" onClick={onBack}>
        {say("keep_as_it_is")}
      </button>
    </p>
  );
}
