-- What of a clinic is counted. FND-20, FND-24. A standing meter is counted from the rows themselves (app_private.standing_usage);
-- of the others each use is a record. can_be_hard: what is used is known before it is, so that it can be refused (docs/decisions/0203).

select app_private.own_rows('app_public.meters', rows => '
  key                | unit     | aggregation | is_standing | can_be_hard | description                                       | description_ro
  -------------------+----------+-------------+-------------+-------------+---------------------------------------------------+------------------------------------------------------------
  active_patients    | patient  | latest      | true        | true        | Patients in the clinic''s lists.                  | Pacienți în listele clinicii.
  ai_calls           | call     | count       | false       | false       | Calls of AI models.                               | Apeluri ale modelelor de inteligență artificială.
  sms_messages       | message  | sum         | false       | true        | Text messages by the platform''s account.         | SMS-uri trimise prin contul platformei.
  specialists        | person   | latest      | true        | true        | Specialists of the clinic.                        | Specialiști ai clinicii.
  storage_bytes      | byte     | latest      | true        | true        | What the clinic''s files take up.                 | Cât ocupă fișierele clinicii.
  telerehab_sessions | session  | count       | false       | true        | Exercise sessions that patients started at home.  | Ședințe de exerciții începute de pacienți acasă.
  video_minutes      | minute   | sum         | false       | false       | Minutes of video calls by the platform''s account. | Minute de apel video prin contul platformei.
');
