import type { Texts } from "./text.ts";

/** Booking requests and appointments, and the services and specialists they are for. */
export const appointmentTexts = {
  "NOT_FOUND booking_request_not_found": {
    ro: "Cererea de programare nu există sau nu este a clinicii. Verificați și reîncărcați lista.",
    en: "There is no such booking request. Check it and reload the list.",
  },
  "NOT_FOUND booking_not_found": {
    ro: "Linkul nu este valabil sau nu mai este. Folosiți-l pe cel din ultimul mesaj sau sunați la clinică.",
    en: "The link is not good, or not any more. Use the one in the latest message, or call the clinic.",
  },
  "GONE booking_unanswered": {
    ro:
      "Clinica nu a răspuns la timp cererii. Alegeți din nou o oră sau sunați la clinică" +
      "{clinicPhone, select, none {} other { la {clinicPhone}}}.",
    en:
      "The clinic did not answer the request in time. Choose a time again, or call the clinic" +
      "{clinicPhone, select, none {} other { at {clinicPhone}}}.",
    details: { timezone: "timezone", clinicPhone: "text?" },
  },
  "STATE booking_has_an_account": {
    ro:
      "Programarea se schimbă acum din contul de pacient. Intrați în cont sau sunați la clinică" +
      "{clinicPhone, select, none {} other { la {clinicPhone}}}.",
    en:
      "The appointment is now changed from the patient's account. Sign in, or call the clinic" +
      "{clinicPhone, select, none {} other { at {clinicPhone}}}.",
    details: { timezone: "timezone", clinicPhone: "text?" },
  },
  "RATE_LIMITED moved_too_often": {
    ro: "Programarea a fost mutată prea des. Încercați din nou peste {retryAfterSeconds}.",
    en: "The booking was moved too often. Try again in {retryAfterSeconds}.",
    details: { retryAfterSeconds: "seconds" },
  },
  "GONE booking_request_expired": {
    ro: "Termenul de răspuns a trecut la {respondBy}. Rugați persoana să aleagă din nou o oră.",
    en: "The time to answer passed on {respondBy}. Ask the guest to choose a time again.",
    details: { respondBy: "instant", timezone: "timezone" },
  },
  "NOT_FOUND appointment_not_found": {
    ro: "Programarea nu există sau nu aveți acces la ea. Verificați și reîncărcați lista.",
    en: "There is no such appointment, or it is not yours to see. Check it and reload the list.",
  },
  "CONFLICT already_this_patient": {
    ro: "Programarea este deja a acestui pacient. Alegeți alt pacient.",
    en: "The appointment is this patient's already. Choose another patient.",
    details: { field: "text" },
  },
  "VALIDATION patient_contradicted": {
    ro: "Alegeți un pacient sau spuneți că este unul nou, nu amândouă.",
    en: "Name a patient, or say that it is a new one (asNewPatient), not both.",
    details: { field: "text" },
  },
  "STATE appointment_not_over": {
    ro: "Programarea este încă în vigoare. Anulați-o mai întâi.",
    en: "The appointment still stands. Cancel it first.",
    details: { status: "text", legal: "texts" },
  },
  "STATE appointment_is_cancelled": {
    ro: "Programarea este anulată. Puneți-o mai întâi din nou în vigoare.",
    en: "The appointment is cancelled. Reinstate it first.",
  },
  "STATE appointment_not_cancelled": {
    ro: "Programarea nu este anulată. Reîncărcați lista.",
    en: "The appointment is not cancelled. Reload the list.",
    details: { status: "text" },
  },
  "CONFLICT already_at_this_time": {
    ro: "Programarea este deja la această oră. Alegeți altă oră.",
    en: "The appointment is at this time already. Choose another time.",
    details: { field: "text" },
  },
  "STATE too_late_to_cancel": {
    ro:
      "Programarea se putea anula de aici până la {until}. Sunați la clinică" +
      "{clinicPhone, select, none {} other { la {clinicPhone}}}.",
    en:
      "The appointment could be cancelled here until {until}. Call the clinic" +
      "{clinicPhone, select, none {} other { at {clinicPhone}}}.",
    details: { until: "instant", timezone: "timezone", clinicPhone: "text?" },
  },
  "STATE too_late_to_reschedule": {
    ro:
      "Programarea se putea muta de aici până la {until}. Sunați la clinică" +
      "{clinicPhone, select, none {} other { la {clinicPhone}}}.",
    en:
      "The appointment could be moved here until {until}. Call the clinic" +
      "{clinicPhone, select, none {} other { at {clinicPhone}}}.",
    details: { until: "instant", timezone: "timezone", clinicPhone: "text?" },
  },
  "STATE rescheduled_too_often": {
    ro:
      "Programarea se poate muta de aici {limit, plural, one {o dată} few {de # ori} other {de # de ori}}. Sunați la clinică" +
      "{clinicPhone, select, none {} other { la {clinicPhone}}}.",
    en:
      "The appointment can be moved here {limit, plural, one {once} other {# times}}. Call the clinic" +
      "{clinicPhone, select, none {} other { at {clinicPhone}}}.",
    details: { limit: "number", timezone: "timezone", clinicPhone: "text?" },
  },
  "CONFLICT series_in_the_way": {
    ro:
      "{count, plural, one {O oră din serie nu este liberă} few {# ore din serie nu sunt libere} " +
      "other {# de ore din serie nu sunt libere}}. Alegeți altă oră sau alt specialist.",
    en:
      "{count, plural, one {One time of the series is not free} other {# times of the series are not free}}. " +
      "Choose another time or specialist.",
    details: { starts: "data", count: "number", calendarId: "text" },
  },
  "VALIDATION series_too_long": {
    ro: "O serie are între 2 și 52 de programări.",
    en: "A series has 2 to 52 appointments.",
    details: { field: "text" },
  },
  "VALIDATION weeks_out_of_range": {
    ro: "Între două programări ale unei serii sunt între 1 și 12 săptămâni.",
    en: "Between two appointments of a series lie 1 to 12 weeks.",
    details: { field: "text" },
  },
  "STATE not_in_a_series": {
    ro: "Programarea nu face parte dintr-o serie. Anulați-o singură.",
    en: "The appointment is not part of a series. Cancel it by itself.",
  },
  "VALIDATION plan_contradicted": {
    ro: "Alegeți un abonament sau spuneți că programarea se plătește separat, nu amândouă.",
    en: "Name a plan, or say that the appointment is paid for by itself (usePlan: false), not both.",
    details: { field: "text" },
  },
  "STATE appointment_not_done": {
    ro: "Programarea nu a avut loc încă. O puteți evalua după ce s-a încheiat.",
    en: "The appointment has not taken place yet. You can review it when it is over.",
    details: { status: "data" },
  },
  "STATE review_too_late": {
    ro: "Programarea se putea evalua până la {until}. Scrieți clinicii ce doriți să știe.",
    en: "The appointment could be reviewed until {until}. Write to the clinic what you want it to know.",
    details: { until: "instant", timezone: "timezone" },
  },
  "VALIDATION rating_out_of_range": {
    ro: "Alegeți între 1 și 5 stele.",
    en: "Choose 1 to 5 stars.",
    details: { field: "text" },
  },
  "VALIDATION comment_too_long": {
    ro: "Scrieți cel mult {most} de caractere.",
    en: "Write at most {most} characters.",
    details: { field: "text", most: "number" },
  },
  "CONFLICT reviewed_already": {
    ro: "Programarea este deja evaluată. Scrieți clinicii dacă s-a schimbat ceva.",
    en: "The appointment has been reviewed already. Write to the clinic if something has changed.",
  },
  "RATE_LIMITED too_many_requests_from_address": {
    ro:
      "Din rețeaua dumneavoastră s-au cerut prea multe programări. Sunați la clinică sau încercați din nou peste " +
      "{retryAfterSeconds}.",
    en: "Too many appointments were asked for from your network. Call the clinic, or try again in {retryAfterSeconds}.",
    details: { retryAfterSeconds: "seconds" },
  },

  "CONFLICT colleague_not_free": {
    ro: "Colegul nu este liber la toate aceste ore. Alegeți alt coleg sau mutați programările una câte una.",
    en: "The colleague is not free at all of these times. Choose another, or move the appointments one by one.",
    details: { field: "text" },
  },
  "VALIDATION colleague_not_found": {
    ro: "Alegeți un coleg din această clinică.",
    en: "Choose a colleague of this clinic.",
    details: { field: "text" },
  },
  "CONFLICT has_future_appointments": {
    ro:
      "{count, plural, one {Urmează încă o programare sau o cerere} few {Urmează încă # programări sau cereri} " +
      "other {Urmează încă # de programări sau cereri}}. Anulați sau mutați mai întâi ce urmează; programările unui " +
      "specialist le poate prelua un coleg.",
    en:
      "{count, plural, one {One appointment or request is} other {# appointments or requests are}} still to come. " +
      "Cancel or move what is to come first; a colleague may take over the appointments of a specialist.",
    details: { count: "number" },
  },
  "CONFLICT is_practised": {
    ro:
      "{count, plural, one {Un specialist practică} few {# specialiști practică} other {# de specialiști practică}} " +
      "această specialitate. Eliminați-o mai întâi din profilul fiecăruia.",
    en:
      "{count, plural, one {One specialist practises} other {# specialists practise}} this specialty. " +
      "Take it out of the profile of each first.",
    details: { count: "number" },
  },
  "GONE specialist_gone": {
    ro: "Specialistul nu mai primește programări. Alegeți altă oră sau alt specialist.",
    en: "This specialist takes no more appointments. Choose another time or specialist.",
  },
  "VALIDATION specialty_not_found": {
    ro: "Alegeți o specialitate a platformei sau a clinicii.",
    en: "Choose a specialty of the platform or of your clinic.",
    details: { field: "text" },
  },
} as const satisfies Texts;
