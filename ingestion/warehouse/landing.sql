-- The landing of a build: what its submissions sent and had accepted, as it came. Nothing is summed, renamed or filled in.
create schema landing;

-- One row per (submission, accepted row). `source_row` is the row number that the sender sees.
create table landing.observations (
    submission_id varchar not null,
    source_row integer not null,
    indicator varchar,
    ref_area varchar,
    time_period varchar,
    site varchar,
    sex varchar,
    age varchar,
    nuts2 varchar,
    degurba varchar,
    isced11 varchar,
    quantile varchar,
    c_birth varchar,
    numerator double,
    denominator double,
    obs_value double,
    p25 double,
    p75 double,
    obs_status varchar,
    conf_status varchar,
    obs_comment varchar,
    reference varchar
);

-- One row per submission that was answered, accepted or not.
create table landing.submissions (
    submission_id varchar not null,
    country_code varchar not null,
    sequence_number integer not null,
    received_at timestamp,
    verdict varchar,
    rows_read integer,
    rows_accepted integer,
    rows_held integer,
    rows_refused integer,
    sha256 varchar
);

-- One row per (submission, rule, severity).
create table landing.findings (
    submission_id varchar not null,
    rule varchar not null,
    severity varchar not null,
    finding_count integer not null
);

-- One row per release: the earlier ones, and the one being made, which has the highest sequence.
create table landing.releases (
    release_id varchar not null,
    release_sequence integer not null,
    round_id varchar not null
);

-- One row per (release, submission that it is made of).
create table landing.release_submissions (
    release_id varchar not null,
    submission_id varchar not null
);

-- One row per (submission that the gate left out, expectation that it failed).
create table landing.holds (
    submission_id varchar not null,
    country_code varchar not null,
    expectation varchar not null,
    sentence varchar not null,
    held_at timestamp not null
);

-- One row per waiver that had not expired on the day of the build.
create table landing.waivers (
    expectation varchar not null,
    country_code varchar,
    indicator_code varchar,
    waived_by varchar not null,
    reason varchar not null,
    until_on date not null,
    waived_at timestamp not null
);

-- One row per public answer of a contact to the findings of a rule.
create table landing.justifications (
    submission_id varchar not null,
    rule varchar not null,
    text varchar not null,
    justified_at timestamp not null
);
