-- The names that a text may use. FND-15.
-- Times are given as instants and printed as people write them, so their raw forms are not for texts; and what stands on
-- a locked screen may name the clinic and the time, never what is treated or by whom. Whoever reads in an account needs no link.

create or replace function app_private.printable_variables(variables text[], channel text) returns text[]
language sql immutable strict parallel safe
set search_path = ''
return (
  select array_agg(names.name order by names.name)
  from (
    select given.name from unnest(printable_variables.variables) as given (name)
    where given.name <> all (array['startsAt', 'endsAt', 'timezone', 'modality', 'respondBy', 'signatureLinkId', 'expiresAt', 'bookingRequestId',
                                   'waitlistOfferId', 'words', 'asked'])
    union
    select unnest(array['recipientName', 'clinicName', 'clinicPhone', 'clinicEmail', 'clinicAddress'])
    union
    select derived.name
    from (values ('when', 'startsAt'), ('respondByWhen', 'respondBy'), ('inPerson', 'modality'), ('video', 'modality'),
                 ('phone', 'modality'), ('signingUrl', 'signatureLinkId'), ('expiresWhen', 'expiresAt'),
                 ('bookingUrl', 'bookingRequestId'), ('offerUrl', 'waitlistOfferId'), ('askedUrl', 'asked')) as derived (name, source)
    where derived.source = any (printable_variables.variables)
  ) as names
  where (printable_variables.channel not in ('sms', 'whatsapp', 'push')
         or names.name <> all (array['serviceName', 'specialistName', 'reason']))
    and (printable_variables.channel not in ('in_app', 'push') or names.name <> all (array['bookingUrl', 'offerUrl', 'askedUrl']))
);

comment on function app_private.printable_variables is
  'What a text on this channel may name: the message''s own variables that are words, and what the renderer adds.';
grant execute on function app_private.printable_variables to app_engine;
