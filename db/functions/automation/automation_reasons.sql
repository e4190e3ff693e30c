-- Why an action was not done, waits or cannot be saved, in words, so that no page keeps words of its own for them. A reason without words
-- is shown as it is. AUT-01, AUT-03.

create or replace function app_private.automation_reasons() returns table (value text, label_ro text, label_en text)
language sql immutable
set search_path = ''
begin atomic
  values
    -- The engine's.
    ('cancelled', 'Ce s-a întâmplat a fost anulat', 'What happened was taken back'),
    ('cap', 'S-a făcut deja de câte ori este permis', 'It was done as often as it may'),
    ('clinic_suspended', 'Abonamentul clinicii este suspendat', 'The subscription of the clinic is suspended'),
    ('condition', 'Condițiile nu sunt îndeplinite', 'The conditions do not hold'),
    ('depth', 'Prea multe evenimente pornite unul de la altul', 'Too many events that led to each other'),
    ('disabled', 'Automatizarea a fost oprită', 'The automation was switched off'),
    ('error', 'Nu s-a putut face', 'It could not be done'),
    ('expired', 'A trecut timpul în care se mai putea face', 'The time in which it could be done has passed'),
    ('loop', 'A pornit deja în același șir de evenimente', 'It began already in this chain of events'),
    ('retry', 'Se încearcă din nou', 'It is tried again'),
    ('scheduled', 'Așteaptă timpul stabilit', 'It waits for its time'),
    -- Of messages.
    ('consent', 'Lipsește consimțământul', 'The consent is missing'),
    ('nobody_to_tell', 'Nu este nimeni căruia să i se scrie', 'There is nobody to write to'),
    ('quiet_hours', 'Sunt orele de liniște ale pacientului', 'It is within the quiet hours of the patient'),
    ('suppression', 'Pe această cale nu i se mai scrie', 'Nothing is sent to them on this way any more'),
    ('unreachable', 'Nu există o adresă la care să ajungă', 'There is no address to reach them at'),
    -- Of what is asked, opened, booked and listed.
    ('access_stands', 'Are deja acces', 'They have access already'),
    ('asked_already', 'Este deja cerut', 'It is asked already'),
    ('booked_already', 'Este deja programat', 'They are booked already'),
    ('booking_blocked_already', 'Este deja oprit de la programări', 'They are kept from booking already'),
    ('consent_stands', 'Consimțământul este deja acordat', 'The consent stands already'),
    ('decided_by_nobody', 'Nimeni nu a salvat această automatizare', 'Nobody saved this automation'),
    ('form_stands', 'Formularul este deja completat sau așteaptă', 'The form is completed or waits already'),
    ('in_segment_already', 'Este deja pe listă', 'They are in the list already'),
    ('no_free_time', 'Nu există nicio oră liberă', 'There is no free time'),
    ('not_in_segment', 'Nu este pe listă', 'They are not in the list'),
    ('nothing_to_come', 'Nu urmează nicio vizită', 'There is no visit to come'),
    ('reminded_already', 'I s-a amintit deja', 'They were reminded already'),
    -- Of what cannot be saved.
    ('action_unknown', 'Alegeți o acțiune', 'Choose an action'),
    ('calendar_not_found', 'Alegeți un calendar al clinicii', 'Choose a calendar of the clinic'),
    ('consent_purpose_not_found', 'Alegeți un consimțământ pentru care clinica are un text', 'Choose a consent that the clinic has a text for'),
    ('event_lacks', 'Această acțiune nu poate urma acestui eveniment', 'This action cannot follow this event'),
    ('event_not_offered', 'Alegeți un eveniment', 'Choose an event'),
    ('form_template_not_found', 'Alegeți un formular publicat', 'Choose a form that is published'),
    ('most_out_of_bounds', 'Este prea puțin sau prea mult', 'This is too little or too much'),
    ('patients_only', 'Publicitatea ajunge numai la pacienți', 'Only patients are advertised to'),
    ('permission_unknown', 'Alegeți o permisiune', 'Choose a permission'),
    ('section_not_closed', 'O parte care începe cu {{# nu se încheie', 'A part that begins with {{# does not end'),
    ('section_not_open', 'O parte se încheie fără să fi început', 'A part ends that did not begin'),
    ('segment_is_not_a_list', 'Acest segment se face singur, după o regulă', 'This segment is made by a rule'),
    ('segment_not_found', 'Alegeți o listă a clinicii', 'Choose a list of the clinic'),
    ('simulation_too_long', 'Între 1 și 90 de zile', 'Between 1 and 90 days'),
    ('tag_malformed', 'Între {{ și }} stă ceva ce nu este un nume', 'What stands between {{ and }} is no name'),
    ('variable_unknown', 'Numele dintre {{ și }} nu este cunoscut pe această cale', 'The name between {{ and }} is not known on this way'),
    ('whatsapp_template_missing', 'Clinica nu are încă un text aprobat pentru WhatsApp', 'The clinic has no approved text for WhatsApp yet');
end;

comment on function app_private.automation_reasons is 'The reasons of executions and of problems, in words.';
grant execute on function app_private.automation_reasons to app_engine;
