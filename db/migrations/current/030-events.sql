-- The outbox: what happened, who wants to know, what they were told; and the ledgers of the worker. FND-14.

create table app_private.event_types (
  name text not null,
  version int not null,
  description text not null,
  subject_type text not null,
  payload_schema jsonb not null,
  primary key (name, version),
  constraint event_types_name_is_subject_dot_past check (name ~ '^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$'),
  constraint event_types_version_counts_from_one check (version >= 1),
  constraint event_types_payload_schema_is_closed check (
    payload_schema ->> 'type' = 'object'
    and payload_schema -> 'additionalProperties' = 'false'
    and jsonb_typeof(payload_schema -> 'properties') = 'object'
    and jsonb_typeof(payload_schema -> 'required') = 'array'
  )
);
comment on table app_private.event_types is
  'The catalog of events: publishing takes the highest version. A version is never changed, a new one is added.';
comment on column app_private.event_types.payload_schema is
  'JSON Schema, the subset payload_problem() reads: type object, properties (type, format uuid or date-time, enum), '
  'required, additionalProperties false. Ids and times only, never personal data.';

create table app_private.events (
  id uuid primary key default uuidv7(),
  position bigint generated always as identity,
  organization_id uuid references app_public.organizations on delete restrict,
  name text not null,
  version int not null,
  subject_type text not null,
  subject_id uuid not null,
  payload jsonb not null,
  actor_id uuid references app_public.principals on delete restrict,
  request_id text,
  cause_id uuid,
  occurred_at timestamptz not null,
  constraint events_identity unique (organization_id, id),
  foreign key (name, version) references app_private.event_types (name, version) on delete restrict,
  -- A cause belongs to the same clinic. Not checked for events of the platform, which have no clinic.
  foreign key (organization_id, cause_id) references app_private.events (organization_id, id) on delete restrict
);
create index events_organization_idx on app_private.events (organization_id, position);
create index events_subject_idx on app_private.events (subject_id, position);
create index events_type_idx on app_private.events (name, version);
create index events_actor_idx on app_private.events (actor_id);
create index events_cause_idx on app_private.events (organization_id, cause_id);
comment on table app_private.events is
  'What happened, written in the transaction in which it happened. Append-only, for its owner too.';
comment on column app_private.events.position is
  'Order of publishing. Within one subject it is also the order of commits, because publish() locks the subject.';
comment on column app_private.events.cause_id is 'The event that led to this one.';

create table app_private.event_consumers (
  name text primary key,
  description text not null,
  constraint event_consumers_name_is_a_slug check (name ~ '^[a-z]+(_[a-z]+)*$')
);
comment on table app_private.event_consumers is 'Who is told about events; each has a handler of this name in tasks/consumers.ts.';

create table app_private.event_subscriptions (
  consumer text not null references app_private.event_consumers on delete cascade,
  event_name text not null,
  primary key (event_name, consumer)
);
create index event_subscriptions_consumer_idx on app_private.event_subscriptions (consumer);
comment on table app_private.event_subscriptions is 'Which events a consumer is told about, from now on.';

create table app_private.event_deliveries (
  event_id uuid not null references app_private.events on delete restrict,
  consumer text not null references app_private.event_consumers on delete restrict,
  subject_id uuid not null,
  position bigint not null,
  delivered_at timestamptz,
  attempts int not null default 0,
  last_error text,
  primary key (event_id, consumer)
);
create index event_deliveries_pending_idx
  on app_private.event_deliveries (consumer, delivered_at, subject_id, position);
comment on table app_private.event_deliveries is
  'One row per event and consumer: told, or still to be told. Told in order of position within a subject.';

create table app_private.effects (
  key text primary key,
  attempts int not null default 1,
  claimed_at timestamptz not null,
  claimed_by text not null,
  done_at timestamptz,
  result jsonb,
  constraint effects_key_names_kind_and_id check (key ~ '^[a-z_]+:.+$' and length(key) <= 200)
);
comment on table app_private.effects is
  'Ledger of what was done to the outside world, by idempotency key. Claimed before, done after; '
  'a finished job is deleted, so the queue itself remembers nothing.';

create table app_private.worker_heartbeats (
  worker_id text primary key,
  host text not null,
  pid int not null,
  started_at timestamptz not null,
  seen_at timestamptz not null
);
comment on table app_private.worker_heartbeats is
  'Sign of life of every worker process; a silent worker''s jobs are freed by reap_silent_workers().';

-- Reference data --------------------------------------------------------------------------------

with shapes (shape, payload_schema) as (values
  ('organization', '{
    "type": "object", "additionalProperties": false, "required": ["slug"],
    "properties": {"slug": {"type": "string"}}
  }'::jsonb),
  ('patient', '{
    "type": "object", "additionalProperties": false, "required": ["patientId", "patientProfileId"],
    "properties": {
      "patientId": {"type": "string", "format": "uuid"},
      "patientProfileId": {"type": "string", "format": "uuid"}
    }
  }'),
  ('slot', '{
    "type": "object", "additionalProperties": false,
    "required": ["calendarId", "specialistId", "startsAt", "endsAt"],
    "properties": {
      "calendarId": {"type": ["string", "null"], "format": "uuid"},
      "specialistId": {"type": "string", "format": "uuid"},
      "startsAt": {"type": "string", "format": "date-time"},
      "endsAt": {"type": "string", "format": "date-time"}
    }
  }'),
  ('booking_request', '{
    "type": "object", "additionalProperties": false,
    "required": ["bookingRequestId", "calendarId", "specialistId", "startsAt", "endsAt"],
    "properties": {
      "bookingRequestId": {"type": "string", "format": "uuid"},
      "calendarId": {"type": "string", "format": "uuid"},
      "specialistId": {"type": "string", "format": "uuid"},
      "startsAt": {"type": "string", "format": "date-time"},
      "endsAt": {"type": "string", "format": "date-time"},
      "appointmentId": {"type": ["string", "null"], "format": "uuid"}
    }
  }'),
  ('appointment', '{
    "type": "object", "additionalProperties": false,
    "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
    "properties": {
      "appointmentId": {"type": "string", "format": "uuid"},
      "patientProfileId": {"type": "string", "format": "uuid"},
      "specialistId": {"type": "string", "format": "uuid"},
      "serviceId": {"type": "string", "format": "uuid"},
      "startsAt": {"type": "string", "format": "date-time"},
      "endsAt": {"type": "string", "format": "date-time"},
      "from": {"type": ["string", "null"],
               "enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null]},
      "to": {"type": "string",
             "enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"]}
    }
  }')
),
names (name, shape, subject_type, description) as (values
  ('organization.created', 'organization', 'organization', 'A clinic was registered, still a draft.'),
  ('organization.activated', 'organization', 'organization', 'A clinic opened to the public.'),
  ('patient.onboarded', 'patient', 'patient', 'A person became a patient of a clinic.'),
  ('slot.held', 'slot', 'time_claim', 'A visitor keeps a time while filling the form.'),
  ('slot.released', 'slot', 'time_claim', 'A kept time is free again.'),
  ('booking_request.received', 'booking_request', 'booking_request', 'A guest asked for a time; the clinic has to answer.'),
  ('booking_request.confirmed', 'booking_request', 'booking_request', 'The clinic said yes: the request became an appointment.'),
  ('booking_request.rejected', 'booking_request', 'booking_request', 'The clinic said no; the time is free again.'),
  ('booking_request.expired', 'booking_request', 'booking_request', 'The clinic did not answer in time; the time is free again.'),
  ('booking_request.withdrawn', 'booking_request', 'booking_request', 'The guest took the request back; the time is free again.'),
  ('appointment.booked', 'appointment', 'appointment', 'An appointment was made.'),
  ('appointment.upcoming', 'appointment', 'appointment', 'An appointment is near.'),
  ('appointment.confirmed', 'appointment', 'appointment', 'The patient said they will come.'),
  ('appointment.started', 'appointment', 'appointment', 'The patient is with the specialist.'),
  ('appointment.done', 'appointment', 'appointment', 'The appointment took place.'),
  ('appointment.cancelled', 'appointment', 'appointment', 'The appointment will not take place.'),
  ('appointment.noshow', 'appointment', 'appointment', 'The patient did not come.')
)
insert into app_private.event_types (name, version, description, subject_type, payload_schema)
select names.name, 1, names.description, names.subject_type, shapes.payload_schema
from names join shapes using (shape)
on conflict (name, version) do update
  set description = excluded.description,
      subject_type = excluded.subject_type,
      payload_schema = excluded.payload_schema;

insert into app_private.event_consumers (name, description) values
  ('notifications', 'Writes to guests, patients and the clinic about requests and appointments.')
on conflict (name) do update set description = excluded.description;

insert into app_private.event_subscriptions (consumer, event_name) values
  ('notifications', 'organization.activated'),
  ('notifications', 'booking_request.received'),
  ('notifications', 'booking_request.confirmed'),
  ('notifications', 'booking_request.rejected'),
  ('notifications', 'booking_request.expired'),
  ('notifications', 'appointment.booked'),
  ('notifications', 'appointment.cancelled')
on conflict do nothing;
