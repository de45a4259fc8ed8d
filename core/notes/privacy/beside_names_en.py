"""What stands beside names in Latin letters: titles, fields such as `Name:`, greetings, verbs, a chat's times."""

import re

from .latin_names import CAPITALS, INITIAL, LETTERS, NAME, PARTICLE, WORD

TITLED = re.compile(
    rf"(?<![{LETTERS}])(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Doctor|Sir|Madam|Mme|Rev|Capt|Captain|Sgt|Lt|Col|Gen|Judge|Coach|Nurse|Officer|Principal|Dean|Herr|Frau|Señora?|TA|Uncle|Auntie)\.?[ ]"
    rf"(?P<name>(?:{INITIAL} ?)?{NAME})"
)
SAID = re.compile(
    rf"(?:[Mm]y (?:full |first |last |real |legal )?name(?:'s| is)|(?<![{LETTERS}])(?:[Hh]is|[Hh]er|[Tt]heir|[Tt]he (?:student|teacher|customer|patient|client|author|owner)'s) (?:full )?name is|(?<![{LETTERS}])I'm called|(?<![{LETTERS}])[Cc]all me|(?<![{LETTERS}])(?:named|called)(?= [{CAPITALS}][a-z]+ [{CAPITALS}])|"
    rf"(?<![{LETTERS}])[Ss]igned(?: by)?[:,]?|(?<![{LETTERS}])[Tt]his is(?= [{CAPITALS}][a-z]+(?: [{CAPITALS}][a-z]+)? (?:speaking|from|calling|here))|(?<![{LETTERS}])I am(?= [{CAPITALS}][a-z]+ [{CAPITALS}][a-z]+[,. ])|(?<![{LETTERS}])I'm(?= [{CAPITALS}][a-z]+ [{CAPITALS}][a-z]+[,. ]))[ ]+\**\"?(?P<name>{NAME})"
)
FIELD = re.compile(
    rf"(?:(?<![{LETTERS}])|(?<=_))(?:(?:(?:student|full|first|last|given|family|legal|contact|customer|patient|client|employee|author|teacher|instructor|user|parent|guardian|card ?holder|account|display|real|emergency|your|maiden|middle|billing|shipping|guest|candidate)['s]{{0,2}}[ _])?name|"
    r"authors?|written by|prepared by|taught by|reviewed by|edited by|translated by|submitted by|created by|presented by|recorded by|approved by|hosted by|posted by|reported by|assigned to|assignee|reporter|instructors?|lecturers?|teachers?|tutors?|professor|presenters?|speakers?|"
    r"students?|supervisors?|advis[oe]rs?|mentors?|contact(?: person)?|attendees?|participants?|from|to|cc|bcc|sender|recipients?|customer|client|patient|employee|candidate|applicant|cardholder|card ?holder|account holder|beneficiary|payee|payer|owner|signed(?:-off)?(?:-by)?|signature|emergency contact|next of kin|"
    r"ship to|bill to|sold to|deliver to|attn|attention|c/o|manager|maintainers?|committer|co-authored-by|reviewer|guardian|parent|tenant|landlord|witness|host|organi[sz]er|interviewer|interviewee|editor|translator|prepared for|referee|nickname|present|in attendance|absent|apologies|excused|late|attending|not present|minutes taken by|chair(?:ed by)?|secretary|treasurer|volunteers?|winners?|members?|team|group|roster|class list|trip list|list|pupils?|examiner|invigilator|proctor|substitute|coach|counsell?or|head ?teacher|holder|insured|nominee|signatory|trainer|trainee|intern|roommates?|speaker|姓名|联系人|作者|老师|主讲|讲师|助教|学生|收件人|发件人|持卡人|户名|收款人|付款人|家长|监护人|外教|导师|教授|担当|主持人?|记录人?|出席|缺席|嘉宾|译者|编者|主编|成员|组员|申请人|负责人|经办人|同学|学员|名字|本名|英文名|外文名|护照姓名|拼音|姓名拼音)"
    rf"[ \t]*\**[\"']?[ \t]*(?:[:：=|]|(?<=by)|(?<=c/o))[ \t]*\**[ \t]*[\"']?[ \t]*(?P<name>{NAME}(?:(?: \([^()\n]{{1,24}}\))?(?:[,;] (?:and )?| and | & ){NAME}){{0,14}})(?![{LETTERS}\d_@(=]|\.[a-z])",
    re.IGNORECASE,
)
AT = re.compile("@")
FIELD_SIGN = re.compile(rf"(?:[:=|]|[bB][yY]|[cC]/[oO])[ \t*\"']*[{CAPITALS}]")
MAILED = re.compile(
    rf"(?P<name>{WORD}(?:,? (?:{INITIAL}|{PARTICLE}|{WORD})){{0,3}})\"?'?[ ]{{0,2}}(?:<|\(|&lt;|\[)(?:mailto:)?[A-Za-z0-9._%+-]{{1,64}}@"
)
GREETED = re.compile(
    rf"(?:^|(?<=[\n>.!?\"]))[ \t>]*(?:Dear|Hi|Hello|Hey|Dearest|Good (?:morning|afternoon|evening)|Thanks|Thank you|Cheers|Congratulations|Welcome|Sorry|(?:Best|Love|Yours|Regards|Kind regards|Best wishes)(?=,))(?: so much| again|,)?,? (?P<name>{WORD}(?: {WORD})?)(?=[ ]?[,!.:\n—-]|$)",
    re.MULTILINE,
)
CLOSED = re.compile(
    rf"(?:[Rr]egards|[Ss]incerely|[Bb]est|[Cc]heers|[Tt]hanks|[Yy]ours(?: truly| faithfully)?|[Tt]hank you|[Ww]ishes|[Ll]ove|[Rr]espectfully|[Tt]ake care|[Cc]ordially|[Gg]reetings|Thx),?[ ]*\n(?:[ \t>]*\n)?[ \t>]*(?:--? ?)?(?P<name>{NAME})[ \t]*(?:[,|(].*)?$",
    re.MULTILINE,
)
SPEAKER = re.compile(
    rf"^[ \t>*-]{{0,6}}(?:\[[\d :/.,APMapm-]{{4,24}}\]|\(?\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?: ?[APap][Mm])?\)?|\d{{1,4}}[/-]\d{{1,2}}[/-]\d{{1,4}},? \d{{1,2}}:\d{{2}}(?::\d{{2}})?(?: ?[APap][Mm])?)?[ \t-]{{0,3}}\**(?P<name>{WORD}(?: {WORD}){{0,2}})\**(?:[ ]?[(\[][\d :/,APMapm-]{{4,22}}[)\]])?(?:[ ]{{1,2}}(?:\d{{4}}[-/]\d\d?[-/]\d\d? )?\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?: ?[APap][Mm])?)?[ ]?\**(?:[:：]\**[ ]|$)",
    re.MULTILINE,
)
ACTING = re.compile(
    rf"(?<![{LETTERS}\d_@/.'-])(?P<name>{WORD})(?:'s (?:mum|mom|dad|parents|sister|brother|teacher|tutor|classmate|friend|essay|parent|guardian|phone|cell|mobile|number|email|e-mail|address|password|passport|card|homework|grade|account|birthday|SSN|home|wife|husband|mother|father|son|daughter|house|apartment|salary)| (?:said|asked|told|wrote|replied|called|emailed|texted|answered|lives|lived|works|teaches|graduated|married)(?![{LETTERS}]))"
)
REACHED = re.compile(
    rf"(?<![{LETTERS}])(?:[Cc]ontact|[Cc]all|[Ee]mail|[Tt]ext|[Aa]sk|[Tt]ell|[Rr]each|[Mm]eet|[Nn]otify|[Pp]hone|[Mm]essage|[Pp]ing|[Ii]nvite|[Ff]orward (?:it|this) to|[Rr]each out to|[Ss]peak (?:to|with)|[Tt]alk to|[Cc]heck with|[Tt]ranscribed by|[Ww]ritten by|[Ii]nterview with|[Aa]sked by|[Ss]igned by|[Rr]eported by|[Ss]ent by|[Tt]aught by|[Bb]elongs to|[Ff]rom employee|[Ee]mployee|[Gg]uardian of|[Pp]arent of|[Cc]ontact is|(?:[Mm]other|[Ff]ather|[Ss]ister|[Bb]rother|[Ww]ife|[Hh]usband|[Dd]aughter|[Ss]on) of|[Hh]older|[Kk]now if|[Tt]utor|[Cc]oach|[Cc]olleague|[Cc]lassmate|[Nn]eighbou?r|[Ff]riend|[Ss]tudent|[Tt]eacher|[Pp]eriod \d|[Rr]oom \d+|[Tt]his is|[Mm]y name is)[ ](?P<name>{WORD}(?: (?:{INITIAL} |{PARTICLE} )?{WORD})?)(?![{LETTERS}\d_@=(]|\.[a-z])"
)
SCORED = re.compile(
    rf"^[ \t>|]*(?:\d{{1,3}}[.)]|[-*•|])[ \t]+\**(?P<name>{WORD}(?: (?:{INITIAL} |{PARTICLE} )?{WORD}){{1,2}})\**[ ]*(?:[-:|,(]|\bhas\b|\bto\b)[ ]*(?:\d{{1,3}}(?:\.\d)?[ ]?(?:/[ ]?\d{{1,3}}|points?|pts|marks?)|(?:absent|present|excused|late|sick|ill|flu|dentist)(?![{LETTERS}])|grade [A-F])",
    re.MULTILINE,
)
