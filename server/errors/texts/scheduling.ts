import type { Texts } from "./text.ts";

const start = { rule: "text", calendarId: "text", startsAt: "instant" } as const;
const rule = { rule: "text" } as const;
const ruleOfField = { rule: "text", field: "text" } as const;
const specialist = ruleOfField;

/** Free times, and times that are kept. */
export const schedulingTexts = {
  "SLOT_TAKEN slot_taken": {
    ro: "Ora aceasta tocmai a fost luată de altcineva. Alegeți altă oră.",
    en: "Somebody else has just taken this time. Choose another.",
    details: { calendarId: "text", startsAt: "instant" },
  },
  "VALIDATION in_the_past": {
    ro: "Ora aceasta a trecut deja. Alegeți una viitoare.",
    en: "This time has passed. Choose a later one.",
    details: start,
  },
  "VALIDATION inside_notice": {
    ro: "Ora aceasta este prea aproape pentru o programare. Alegeți una mai târzie sau sunați la clinică.",
    en: "This time is too soon to book. Choose a later one, or call the clinic.",
    details: start,
  },
  "VALIDATION beyond_horizon": {
    ro: "Ora aceasta este prea departe: programările nu sunt încă deschise. Alegeți una mai apropiată.",
    en: "This time is too far ahead to book. Choose an earlier one.",
    details: start,
  },
  "VALIDATION outside_hours": {
    ro: "La ora aceasta nu lucrează nimeni. Alegeți altă oră.",
    en: "Nobody works at this time. Choose another.",
    details: start,
  },
  "VALIDATION closed": {
    ro: "La ora aceasta este închis. Alegeți altă oră.",
    en: "This time is closed. Choose another.",
    details: start,
  },
  "VALIDATION off_the_grid": {
    ro: "Programările nu încep la ora aceasta. Alegeți una dintre orele afișate.",
    en: "Appointments do not start at this time. Choose one of the times that are shown.",
    details: start,
  },
  "VALIDATION no_specialist": {
    ro: "În acest calendar nu se poate programa nimeni acum. Alegeți alt calendar sau sunați la clinică.",
    en: "Nobody can be booked in this calendar now. Choose another, or call the clinic.",
    details: start,
  },
  "GONE clinic_draft": {
    ro: "Clinica nu primește programări în acest moment. Reveniți mai târziu.",
    en: "The clinic takes no bookings at the moment. Come back later.",
    details: start,
  },
  "GONE calendar_inactive": {
    ro: "În acest calendar nu se mai fac programări. Alegeți altceva.",
    en: "This calendar takes no bookings any more. Choose something else.",
    details: start,
  },
  "SLOT_TAKEN no_resource": {
    ro: "La această oră nu este liberă nicio sală sau niciun aparat de care e nevoie. Alegeți altă oră.",
    en: "No room or device that is needed is free at this time. Choose another time.",
    details: start,
  },
  "GONE calendar_private": {
    ro: "Acest calendar nu mai este deschis publicului. Adresați-vă clinicii.",
    en: "This calendar is no longer open to the public. Ask the clinic.",
    details: start,
  },
  "GONE service_inactive": {
    ro: "Serviciul nu mai este oferit. Alegeți altul.",
    en: "This service is no longer offered. Choose another.",
    details: start,
  },
  "GONE specialist_inactive": {
    ro: "Specialistul nu primește programări în acest moment. Alegeți altă oră sau alt specialist.",
    en: "This specialist takes no appointments at the moment. Choose another time or specialist.",
    details: start,
  },
  "GONE not_in_calendar": {
    ro: "Specialistul nu mai poate fi programat aici. Alegeți altă oră sau alt specialist.",
    en: "This specialist can no longer be booked here. Choose another time or specialist.",
    details: start,
  },
  "GONE not_providing_service": {
    ro: "Specialistul nu mai oferă acest serviciu. Alegeți altă oră sau alt specialist.",
    en: "This specialist no longer provides this service. Choose another time or specialist.",
    details: start,
  },

  "NOT_FOUND calendar_not_found": {
    ro: "Calendarul nu există sau nu este deschis pentru programări. Alegeți altul.",
    en: "There is no such calendar, or it is not open for booking. Choose another.",
  },
  "NOT_FOUND specialist_not_found": {
    ro: "În clinică nu există acest specialist. Alegeți altul.",
    en: "There is no such specialist at your clinic. Choose another.",
  },
  "GONE calendar_gone": {
    ro: "Aici nu se mai fac programări. Alegeți altceva.",
    en: "This can no longer be booked. Choose something else.",
  },
  "VALIDATION specialist_is_assigned": {
    ro: "Aici specialistul este ales de clinică. Cereți ora fără a numi un specialist.",
    en: "The clinic assigns the specialist here. Ask without naming one.",
    details: specialist,
  },
  "VALIDATION specialist_required": {
    ro: "Alegeți un specialist.",
    en: "Choose a specialist.",
    details: specialist,
  },
  "VALIDATION unknown_specialist": {
    ro: "Acest specialist nu poate fi programat în acest calendar. Alegeți altul.",
    en: "This specialist cannot be booked in this calendar. Choose another.",
    details: specialist,
  },
  "VALIDATION claim_kind_invalid": {
    ro: "O oră se reține sau se programează mai întâi. Luați-o de la început.",
    en: "A time is first held or booked. Start again.",
    details: rule,
  },
  "STATE claim_not_convertible": {
    ro: "Ora nu mai este reținută. Alegeți din nou o oră.",
    en: "The time is no longer kept. Choose a time again.",
    details: { kind: "text" },
  },
  "NOT_FOUND hold_not_found": {
    ro: "Nicio oră nu este reținută pentru dumneavoastră. Alegeți o oră.",
    en: "No time is kept under this token. Choose a time.",
  },
  "GONE hold_expired": {
    ro: "Ora nu mai este reținută pentru dumneavoastră. Alegeți din nou o oră.",
    en: "This time is no longer kept for you. Choose a time again.",
  },
  "RATE_LIMITED too_many_holds": {
    ro:
      "Rețineți deja {limit, plural, one {o oră, cât poate o persoană} few {# ore, cât poate o persoană} " +
      "other {# de ore, cât poate o persoană}}. Programați sau eliberați una ori așteptați {retryAfterSeconds}.",
    en:
      "You are keeping {limit, plural, one {one time, as many as} other {# times, as many as}} one person can. " +
      "Book or release one, or wait for {retryAfterSeconds}.",
    details: { limit: "number", retryAfterSeconds: "seconds" },
  },
  "RATE_LIMITED too_many_holds_from_address": {
    ro: "Din rețeaua dumneavoastră sunt reținute prea multe ore. Încercați din nou peste {retryAfterSeconds}.",
    en: "Too many times are being kept from your network. Try again in {retryAfterSeconds}.",
    details: { limit: "number", retryAfterSeconds: "seconds" },
  },

  "VALIDATION count_out_of_range": {
    ro: "Cereți între {min} și {max, plural, one {#} few {# ore} other {# de ore}} libere.",
    en: "Ask for {min} to {max} times.",
    details: { ...ruleOfField, min: "number", max: "number" },
  },
  "VALIDATION start_invalid": {
    ro: "Alegeți ora, între anii 2000 și 2200.",
    en: "Say which time, between the years 2000 and 2200.",
    details: ruleOfField,
  },
  "VALIDATION window_incomplete": {
    ro: "Alegeți de când și până când să se caute.",
    en: "Say from when and to when to look.",
    details: rule,
  },
  "VALIDATION window_infinite": {
    ro: "Ambele capete ale perioadei trebuie să fie date din calendar. Alegeți-le din nou.",
    en: "Both ends of the window must be real dates. Choose them again.",
    details: rule,
  },
  "VALIDATION window_inverted": {
    ro: "Perioada se termină înainte să înceapă. Schimbați cele două date.",
    en: "The window ends before it starts. Change its ends.",
    details: rule,
  },
  "VALIDATION window_out_of_range": {
    ro: "Cereți zile dintre anii 2000 și 2200.",
    en: "Ask for days between the years 2000 and 2200.",
    details: rule,
  },
  "VALIDATION days_out_of_bounds": {
    ro: "Cereți între {least, plural, one {o zi} few {# zile} other {# de zile}} și {most, plural, one {o zi} few {# zile} other {# de zile}} deodată.",
    en: "Ask for {least, number} to {most, plural, one {one day} other {# days}} at a time.",
    details: { field: "text", least: "number", most: "number" },
  },
  "VALIDATION window_too_long": {
    ro: "Cereți cel mult {maxDays, plural, one {o zi} few {# zile} other {# de zile}} deodată.",
    en: "Ask for at most {maxDays, plural, one {one day} other {# days}} at a time.",
    details: { rule: "text", maxDays: "number" },
  },
  "CONFLICT appointments_stranded": {
    ro:
      "{count, plural, one {O programare rămâne} few {# programări rămân} other {# de programări rămân}} în afara noului " +
      "program. Mutați-le mai întâi sau confirmați că rămân așa.",
    en:
      "{count, plural, one {One appointment is} other {# appointments are}} left outside the new hours. Move them first, " +
      "or confirm that they stay.",
    details: { count: "number", appointments: "data" },
  },
  "VALIDATION too_many_hours": {
    ro: "O săptămână poate avea cel mult {limit, plural, one {un interval} few {# intervale} other {# de intervale}}.",
    en: "A week can have at most {limit} stretches of hours.",
    details: { field: "text", limit: "number" },
  },
  "CONFLICT too_many_feeds": {
    ro: "Există deja {limit, plural, one {un abonament} few {# abonamente} other {# de abonamente}} la acest calendar. Opriți unul dintre ele.",
    en: "There are {limit} feeds of this calendar already. Revoke one of them.",
    details: { limit: "number" },
  },
  "NOT_FOUND calendar_feed_not_found": {
    ro: "La această adresă nu este niciun calendar. Cereți o adresă nouă.",
    en: "There is no calendar at this address. Ask for a new one.",
  },
} as const satisfies Texts;
