"""An invented debate, true paraphrases of it and plausible falsehoods about it. No Member here is real."""

from __future__ import annotations

from datetime import date

from bot.domain import Contribution, Document, Kind

DEBATE = Document(
    source="file",
    id="learning-review",
    kind=Kind.DEBATE,
    title="Prevent Learning Review",
    date=date(2026, 3, 11),
    house="Commons",
    contributions=(
        Contribution(
            "c1",
            "With permission, Madam Deputy Speaker, I will make a statement on the Prevent learning review. The "
            "perpetrator was referred to "
            "Prevent in October 2014. He left the programme in April 2016. The review found that his case was "
            "closed too early and that "
            "the reasons for decisions were not written down. It makes 34 recommendations. Thirty of the 34 "
            "have been completed, and I accept "
            "every one of its findings. We will publish a new strategy by 30 June 2026. I have asked Baroness "
            "Hartwell to lead an "
            "independent inquiry. She was asked to look at this case in January.\n\n"
            "The Government are spending £3.5 million on training for front-line officers this year, an "
            "increase of 12 per cent. "
            "We may extend the scheme to prisons if the pilot in Luton succeeds. The police did not share the "
            "file with the council. "
            "I pay tribute to the family, who have shown great courage.",
            speaker="Helen Marlowe",
            party="Lab",
            role="The Minister for Security",
            constituency="Aldermere",
        ),
        Contribution(
            "c2",
            "I thank the Minister for advance sight of her statement. This programme costs £40 million a year "
            "and most referrals lead "
            "nowhere. Prevent is failing too many families. Why were ministers so slow to act? Will the remit "
            "of the inquiry reach councils? "
            "The Minister has ignored the warnings of her own officials. We would scrap the duty on universities.",
            speaker="Robert Fenn",
            party="Con",
            role="Shadow Minister for Security",
            constituency="East Calder",
        ),
        Contribution(
            "c3",
            "I do not agree that Prevent is failing. The hon. Gentleman's Government cut the budget in 2019. I "
            "can confirm that the inquiry "
            "will be able to look at councils. Officials warned nobody of that sort. I hope to update the House "
            "before the summer recess.",
            speaker="Helen Marlowe",
            party="Lab",
        ),
        Contribution(
            "c4",
            "I welcome the statement. Some schools in Bradford have no trained staff, and many teachers fear "
            "making a referral. Can the "
            "Minister say when the guidance will be updated? My constituent Mr Osman lost his brother in the "
            "attack. He told me that no one from "
            "the Home Office had ever written to him. The House will rightly ask what has changed.",
            speaker="Nadia Rowe",
            party="LD",
            constituency="Bradford North",
        ),
        Contribution(
            "c5",
            "The guidance will be updated in the autumn. I am very sorry to hear of Mr Osman's experience, and "
            "I will write to him this week. "
            "Teachers make more referrals than any other profession. The number of referrals fell from 7,318 to "
            "6,922 last year.",
            speaker="Helen Marlowe",
            party="Lab",
        ),
    ),
)

Case = tuple[str, tuple[str, ...] | None, str | None]

TRUE: tuple[Case, ...] = (
    ("Helen Marlowe said that the review found the case had been closed too soon.", ("c1",), "Helen Marlowe"),
    ("The Minister for Security said that 30 of the 34 recommendations had been completed.", ("c1",), "Helen Marlowe"),
    ("She accepted all of the review's findings.", ("c1",), "Helen Marlowe"),
    ("The Government will publish a new strategy by 30 June 2026.", ("c1",), "Helen Marlowe"),
    ("Helen Marlowe said the Government would publish a new strategy by the end of June 2026.", None, None),
    ("The minister said that a new strategy would be published by 30 June.", ("c1",), None),
    ("The perpetrator left the programme in April 2016.", ("c1",), None),
    ("She said that the perpetrator had been referred to Prevent in October 2014.", ("c1",), "Helen Marlowe"),
    ("Baroness Hartwell has been asked to lead an independent inquiry.", ("c1",), "Helen Marlowe"),
    ("The minister said she had asked Baroness Hartwell to lead an independent inquiry.", ("c1",), "Helen Marlowe"),
    ("The reasons for decisions were not recorded, the review found.", ("c1",), None),
    (
        "She said the Government was spending £3.5 million on training front-line officers, up 12%.",
        ("c1",),
        "Helen Marlowe",
    ),
    ("She said that the scheme might be extended to prisons if the Luton pilot succeeded.", ("c1",), "Helen Marlowe"),
    ("The council was not given the file by the police.", ("c1",), None),
    ("She paid tribute to the courage of the family.", ("c1",), "Helen Marlowe"),
    ("Robert Fenn said that Prevent cost £40 million a year.", ("c2",), "Robert Fenn"),
    ("Robert Fenn said that most referrals led nowhere.", ("c2",), "Robert Fenn"),
    ("Robert Fenn criticised the programme for failing too many families.", ("c2",), "Robert Fenn"),
    ("He asked why ministers had been so slow to act.", ("c2",), "Robert Fenn"),
    ("He asked whether the inquiry's remit would reach councils.", ("c2",), "Robert Fenn"),
    ("The shadow minister said his party would scrap the duty on universities.", ("c2",), "Robert Fenn"),
    ("Robert Fenn accused the minister of ignoring the warnings of her own officials.", ("c2",), "Robert Fenn"),
    ("She disagreed that Prevent was failing.", ("c3",), "Helen Marlowe"),
    ("Helen Marlowe confirmed that the inquiry would be able to look at councils.", ("c3",), "Helen Marlowe"),
    ("She hoped to update the House before the summer recess.", ("c3",), "Helen Marlowe"),
    ("The previous Government cut the budget in 2019, she said.", ("c3",), "Helen Marlowe"),
    ("Nadia Rowe welcomed the statement.", ("c4",), "Nadia Rowe"),
    ("Nadia Rowe asked when the guidance would be updated.", ("c4",), "Nadia Rowe"),
    ("She said that some schools in Bradford had no trained staff.", ("c4",), "Nadia Rowe"),
    ("Nadia Rowe said many teachers were afraid to make a referral.", ("c4",), "Nadia Rowe"),
    ("She said that her constituent Mr Osman had lost his brother in the attack.", ("c4",), "Nadia Rowe"),
    (
        "Helen Marlowe said that the guidance would be updated in the autumn and that she would write to Mr "
        "Osman this week.",
        None,
        None,
    ),
    ("The minister apologised for Mr Osman's experience.", ("c5",), "Helen Marlowe"),
    ("Referrals fell from 7,318 to 6,922 last year.", ("c5",), None),
    ("She undertook to write to Mr Osman this week.", ("c5",), "Helen Marlowe"),
    ("Helen Marlowe: “He left the programme in April 2016.”", ("c1",), "Helen Marlowe"),
    ("“[The perpetrator] left the programme in April 2016.”", ("c1",), "Helen Marlowe"),
    ("“It makes 34 recommendations … I accept every one of its findings.”", ("c1",), "Helen Marlowe"),
    ("Teachers make more referrals than any other profession.", None, None),
)

FALSE: tuple[Case, ...] = (
    ("Helen Marlowe said that the minister left the programme in April 2016.", ("c1",), "Helen Marlowe"),
    ("The minister left the programme in April 2016.", ("c1",), "Helen Marlowe"),
    ("Helen Marlowe said that she had left the programme in April 2016.", ("c1",), "Helen Marlowe"),
    ("The minister was asked to look at this case in January.", ("c1",), "Helen Marlowe"),
    ("She said that 34 of the 30 recommendations had been completed.", ("c1",), "Helen Marlowe"),
    ("She said that 32 of the 34 recommendations had been completed.", ("c1",), "Helen Marlowe"),
    ("She rejected every one of the review's findings.", ("c1",), "Helen Marlowe"),
    ("She did not accept the review's findings.", ("c1",), "Helen Marlowe"),
    ("The Government has published a new strategy.", ("c1",), "Helen Marlowe"),
    ("She said the Government might publish a new strategy by 30 June 2026.", ("c1",), "Helen Marlowe"),
    ("The Government will publish a new strategy by 30 July 2026.", ("c1",), "Helen Marlowe"),
    ("The Government will publish a new strategy by 13 June 2026.", ("c1",), "Helen Marlowe"),
    ("The perpetrator was referred to Prevent in October 2015.", ("c1",), None),
    ("The review found that the case was closed too late.", ("c1",), None),
    ("Baroness Hartwell has asked the minister to lead an independent inquiry.", ("c1",), None),
    ("Lord Hartwell has been asked to lead an independent inquiry.", ("c1",), None),
    ("She said the Government was spending £3.5 billion on training front-line officers.", ("c1",), "Helen Marlowe"),
    ("She said spending on training had fallen by 12 per cent.", ("c1",), "Helen Marlowe"),
    ("She said that the scheme would be extended to prisons.", ("c1",), "Helen Marlowe"),
    ("She said that the scheme might be extended to prisons if the Leeds pilot succeeded.", ("c1",), "Helen Marlowe"),
    ("The scheme may be extended to schools if the pilot in Luton succeeds.", ("c1",), None),
    ("The police shared the file with the council.", ("c1",), None),
    ("The council did not share the file with the police.", ("c1",), None),
    ("The review was ordered because the police did not share the file.", ("c1",), None),
    ("She raised concerns about the recommendations.", ("c1",), "Helen Marlowe"),
    ("She expressed regret that the case was closed too early.", ("c1",), "Helen Marlowe"),
    ("Helen Marlowe said that Prevent cost £40 million a year.", None, None),
    ("This programme costs £40 million a year and most referrals lead nowhere.", None, "Helen Marlowe"),
    ("Nadia Rowe said that Prevent was failing too many families.", ("c2",), "Nadia Rowe"),
    ("Robert Fenn said that all referrals led nowhere.", ("c2",), "Robert Fenn"),
    ("Robert Fenn said that the remit of the inquiry would reach councils.", ("c2",), "Robert Fenn"),
    ("Robert Fenn said that ministers had been quick to act.", ("c2",), "Robert Fenn"),
    ("Robert Fenn said that the minister had ignored the warnings of her own colleagues.", ("c2",), "Robert Fenn"),
    ("He said that the Government would scrap the duty on universities.", ("c2",), "Robert Fenn"),
    ("He said his party would scrap the duty on schools.", ("c2",), "Robert Fenn"),
    ("He said his party would keep the duty on universities.", ("c2",), "Robert Fenn"),
    ("Robert Fenn welcomed the programme.", ("c2",), "Robert Fenn"),
    ("She agreed that Prevent was failing.", ("c3",), "Helen Marlowe"),
    ("She said that Prevent was failing.", ("c3",), "Helen Marlowe"),
    ("She will update the House before the summer recess.", ("c3",), "Helen Marlowe"),
    ("She hoped to update the House after the summer recess.", ("c3",), "Helen Marlowe"),
    ("She said that her Government had cut the budget in 2019.", ("c3",), "Helen Marlowe"),
    ("The Labour Government cut the budget in 2019.", ("c3",), "Helen Marlowe"),
    ("Nadia Rowe criticised the statement.", ("c4",), "Nadia Rowe"),
    ("Nadia Rowe said that all schools in Bradford had no trained staff.", ("c4",), "Nadia Rowe"),
    ("Nadia Rowe said that schools in Luton had no trained staff.", ("c4",), "Nadia Rowe"),
    ("Nadia Rowe said that the guidance would be updated.", ("c4",), "Nadia Rowe"),
    ("Nadia Rowe lost her brother in the attack.", ("c4",), "Nadia Rowe"),
    ("Nadia Rowe questioned what had changed.", ("c4",), "Nadia Rowe"),
    ("She said that no one from the Ministry of Justice had written to Mr Osman.", ("c4",), "Nadia Rowe"),
    ("Referrals rose from 6,922 to 7,318 last year.", ("c5",), None),
    ("Referrals fell from 6,922 to 7,318 last year.", ("c5",), None),
    ("Teachers make fewer referrals than any other profession.", ("c5",), None),
    ("Doctors make more referrals than any other profession.", ("c5",), None),
    ("The guidance was updated in the autumn.", ("c5",), "Helen Marlowe"),
    ("She undertook to meet Mr Osman this week.", ("c5",), "Helen Marlowe"),
    ("Mr Osman will write to the minister this week.", ("c5",), "Helen Marlowe"),
    ("“We will publish a new plan by 30 June 2026.”", ("c1",), "Helen Marlowe"),
    ("“[The minister] left the programme in April 2016.”", ("c1",), "Helen Marlowe"),
    ("“… agree that Prevent is failing.”", ("c3",), "Helen Marlowe"),
    ("Robert Fenn said: “I accept every one of its findings.”", None, None),
    ("The review makes 34 recommendations.", ("c9",), None),
    ("The review makes 34 recommendations.", (), None),
    ("", ("c1",), None),
    ("The minister said that the attacker had been radicalised in prison.", ("c1",), "Helen Marlowe"),
    ("The inquiry has cleared the police of wrongdoing.", None, None),
)
