"""A believable proposal in both languages, for pages that draw one."""

from core.proposals.content import Content


def _items(*rows: tuple[str, str, str]) -> list[dict[str, str]]:
    return [{"title": title, "value": value, "text": text} for title, value, text in rows]


EN = {
    "hero": {
        "heading": "Bring sovereign cloud to Oman's banks, together",
        "body": "Rimal Cloud runs three data centres in Muscat, Sohar and Duqm. With your corporate customers and our "
        "platform, **regulated workloads can stay in the country** without giving up the pace of a modern cloud.",
        "items": _items(
            ("Partner tier", "Strategic", ""), ("Term", "3 years", ""), ("Territory", "Sultanate of Oman", "")
        ),
    },
    "terms": {
        "heading": "Terms in one view",
        "body": "Simple enough to explain in a meeting. Price list items such as $5 and $6 per seat are passed on as "
        "they are; nothing is added.",
        "items": _items(
            ("Commission", "18 %", "of net revenue, for the whole life of the contract"),
            ("Deal protection", "90 days", "from registration, extended on request"),
            ("Payment", "30 days", "after the customer has paid us"),
            ("Minimum commitment", "None", "no volume, no exclusivity"),
            ("Marketing fund", "OMR 24,000", "a year, on a plan we agree together"),
            ("Notice", "60 days", "either side, deals in hand are honoured"),
        ),
    },
    "metrics": {
        "heading": "What partners like you have reached",
        "body": "Medians of the eleven partners that have been with us for more than a year.",
        "items": _items(
            ("First deal", "47 days", "after signature"),
            ("Win rate", "38 %", "of registered deals"),
            ("Second year revenue", "OMR 310,000", "per partner"),
        ),
    },
    "value": {
        "heading": "What you gain",
        "body": "",
        "items": _items(
            ("A margin that recurs", "", "Commission is paid on every invoice, not only on the first one."),
            ("A reason to call", "", "A new subject for your 2,400 corporate relationships, with a team beside you."),
            ("Compliance as a product", "", "Data residency, the Central Bank's cloud rules and audits are covered."),
            ("Engineers at your side", "", "Two solution architects are named for you and join your first five calls."),
        ),
    },
    "modules": {
        "heading": "What you can sell",
        "body": "Start with one; add the others when your customers ask for them.",
        "items": _items(
            ("Private compute", "", "Dedicated hosts with a *99.95 %* commitment, billed by the hour."),
            ("Protected backup", "", "Immutable copies in a second city; restore is rehearsed every quarter."),
            ("Managed database", "", "PostgreSQL and SQL Server, patched by us, keys held by the customer."),
            ("Arabic document AI", "", "Reads contracts and forms in Arabic and English, inside the country."),
        ),
    },
    "why": {
        "heading": "Why the two of us",
        "body": "You have the trust of the market; we have the platform it will need next.\n\n"
        "- Your branches reach every governorate\n- Our licence covers *all* regulated sectors\n"
        "- Both of us answer to the same regulator",
        "items": _items(
            ("Owned in Oman", "", "Shareholders, staff and keys are in the Sultanate."),
            ("No channel conflict", "", "A registered customer is yours; our direct team is paid the same for it."),
        ),
    },
    "next_steps": {
        "heading": "From here to the first customer",
        "body": "",
        "items": _items(
            ("Meet for an hour", "This week", "Your questions, our architects, no slides."),
            ("Sign the non-disclosure agreement", "Day 7", "Online, in English and Arabic. It opens the price book."),
            ("Agree the memorandum", "Day 21", "Two pages; names, territory, targets."),
            ("Train two salespeople", "Day 30", "Four hours each, with a certificate."),
        ),
    },
    "cta": {
        "heading": "Shall we talk about the first three customers?",
        "body": "Bring the names. We bring the architects and a first estimate.",
        "items": [],
    },
    "documents": {
        "heading": "Documents",
        "body": "",
        "items": _items(
            ("Company profile", "", "Who we are, in eight pages."),
            ("Price book 2027", "nda", "All list prices and partner margins."),
            ("Security and compliance pack", "nda", "Certificates, audit reports and the Central Bank mapping."),
        ),
    },
}

AR = {
    "hero": {
        "heading": "لنقدّم معًا السحابة السيادية إلى مصارف عُمان",
        "body": "تدير سحابة رمال ثلاثة مراكز بيانات في مسقط وصحار والدقم. بعملائكم من الشركات ومنصّتنا **تبقى الأعمال "
        "الخاضعة للرقابة داخل البلاد** دون التخلّي عن سرعة السحابة الحديثة.",
        "items": _items(("فئة الشريك", "استراتيجي", ""), ("المدة", "3 سنوات", ""), ("المنطقة", "سلطنة عُمان", "")),
    },
    "terms": {
        "heading": "الشروط في لمحة",
        "body": "بسيطة بما يكفي لشرحها في اجتماع واحد. أسعار القائمة مثل $5 و $6 لكل مستخدم تُنقل كما هي دون أي إضافة.",
        "items": _items(
            ("العمولة", "18 %", "من صافي الإيراد طوال مدة العقد"),
            ("حماية الصفقة", "90 يومًا", "من تاريخ التسجيل وتُمدّد عند الطلب"),
            ("السداد", "30 يومًا", "بعد أن يدفع العميل لنا"),
            ("الحد الأدنى للالتزام", "لا يوجد", "لا حجم ولا حصرية"),
            ("صندوق التسويق", "24,000 ر.ع.", "سنويًا وفق خطة نتفق عليها"),
            ("الإشعار", "60 يومًا", "لأي من الطرفين مع احترام الصفقات القائمة"),
        ),
    },
    "metrics": {
        "heading": "ما حقّقه شركاء مثلكم",
        "body": "القيم الوسيطة لأحد عشر شريكًا مضى على شراكتهم أكثر من عام.",
        "items": _items(
            ("أول صفقة", "47 يومًا", "بعد التوقيع"),
            ("نسبة الفوز", "38 %", "من الصفقات المسجّلة"),
            ("إيراد السنة الثانية", "310,000 ر.ع.", "لكل شريك"),
        ),
    },
    "value": {
        "heading": "ما تكسبونه",
        "body": "",
        "items": _items(
            ("هامش متكرّر", "", "تُدفع العمولة عن كل فاتورة لا عن الأولى فقط."),
            ("سبب للاتصال", "", "موضوع جديد مع 2,400 علاقة مؤسسية وفريق إلى جانبكم."),
            ("الامتثال كمنتج", "", "إقامة البيانات وقواعد البنك المركزي والتدقيق مشمولة."),
            ("مهندسون معكم", "", "يُسمّى لكم مهندسا حلول يحضران مكالماتكم الخمس الأولى."),
        ),
    },
    "modules": {
        "heading": "ما يمكنكم بيعه",
        "body": "ابدؤوا بواحدة وأضيفوا البقية حين يطلبها عملاؤكم.",
        "items": _items(
            ("حوسبة خاصة", "", "خوادم مخصّصة بالتزام *99.95 %* وتُحتسب بالساعة."),
            ("نسخ احتياطي محمي", "", "نسخ لا تُعدّل في مدينة ثانية، وتجربة استعادة كل ربع سنة."),
            ("قواعد بيانات مُدارة", "", "PostgreSQL و SQL Server نحدّثها نحن والمفاتيح لدى العميل."),
            ("ذكاء المستندات العربية", "", "يقرأ العقود والنماذج بالعربية والإنجليزية داخل البلاد."),
        ),
    },
    "why": {
        "heading": "لماذا نحن معًا",
        "body": "لديكم ثقة السوق ولدينا المنصّة التي سيحتاجها.\n\n- فروعكم تصل إلى كل محافظة\n"
        "- ترخيصنا يشمل *جميع* القطاعات الخاضعة للرقابة\n- كلانا يخضع للجهة الرقابية نفسها",
        "items": _items(
            ("ملكية عُمانية", "", "المساهمون والموظفون والمفاتيح في السلطنة."),
            ("لا تعارض في القنوات", "", "العميل المسجّل لكم، وفريقنا المباشر يُكافأ بالقدر نفسه من خلالكم."),
        ),
    },
    "next_steps": {
        "heading": "من هنا إلى أول عميل",
        "body": "",
        "items": _items(
            ("لقاء لمدة ساعة", "هذا الأسبوع", "أسئلتكم ومهندسونا، بلا عروض تقديمية."),
            ("توقيع اتفاقية عدم الإفصاح", "اليوم 7", "عبر الإنترنت بالعربية والإنجليزية، وتفتح دليل الأسعار."),
            ("الاتفاق على المذكرة", "اليوم 21", "صفحتان: الأسماء والمنطقة والأهداف."),
            ("تدريب اثنين من فريق المبيعات", "اليوم 30", "أربع ساعات لكل منهما مع شهادة."),
        ),
    },
    "cta": {
        "heading": "هل نتحدث عن أول ثلاثة عملاء؟",
        "body": "أحضروا الأسماء، ونحضر المهندسين وتقديرًا أوليًا.",
        "items": [],
    },
    "documents": {
        "heading": "المستندات",
        "body": "",
        "items": _items(
            ("ملف الشركة", "", "من نحن، في ثماني صفحات."),
            ("دليل الأسعار 2027", "nda", "جميع الأسعار وهوامش الشركاء."),
            ("ملف الأمن والامتثال", "nda", "الشهادات وتقارير التدقيق ومواءمة البنك المركزي."),
        ),
    },
}

CONTENT = Content.model_validate({key: {"en": EN[key], "ar": AR[key]} for key in EN})
TRICKS = (
    "Costs $5 and $6, $$x^2$$ ![seen](https://spy.example/x.png) ![](https://spy.example/y.png) :red[alarm] "
    ":blue-background[x] :material/lock: :streamlit: :smile: :shimmer[x] <img src=https://spy.example/z.png> "
    "<script>document.title = 'taken'</script> [click](javascript:alert(1)) `:material/home:` 10:30:00 a:b"
)
HOSTILE = Content.model_validate(
    {
        key: {"en": {"heading": TRICKS[:190], "body": TRICKS, "items": _items((TRICKS[:120], TRICKS[:60], TRICKS))}}
        for key in EN
    }
)
WORDS = {
    "en": {
        "proposal.prepared_for": "Partnership proposal for",
        "proposal.prepared_by": "Prepared by",
        "proposal.book_meeting": "Book a meeting",
        "proposal.sign_nda": "Sign the NDA",
        "proposal.after_nda": "Opens once the NDA is signed",
        "proposal.open_now": "Open to you",
        "proposal.end": "Confidential",
        "proposal.section.hero": "Welcome",
        "proposal.section.terms": "Terms",
        "proposal.section.metrics": "Results",
        "proposal.section.value": "Your gain",
        "proposal.section.modules": "Products",
        "proposal.section.why": "Why us",
        "proposal.section.next_steps": "Next steps",
        "proposal.section.cta": "Talk to us",
        "proposal.section.documents": "Documents",
    },
    "ar": {
        "proposal.prepared_for": "عرض شراكة إلى",
        "proposal.prepared_by": "إعداد",
        "proposal.book_meeting": "احجز اجتماعًا",
        "proposal.sign_nda": "وقّع اتفاقية عدم الإفصاح",
        "proposal.after_nda": "يُفتح بعد توقيع اتفاقية عدم الإفصاح",
        "proposal.open_now": "متاح لكم",
        "proposal.end": "سري",
        "proposal.section.hero": "ترحيب",
        "proposal.section.terms": "الشروط",
        "proposal.section.metrics": "النتائج",
        "proposal.section.value": "مكاسبكم",
        "proposal.section.modules": "المنتجات",
        "proposal.section.why": "لماذا نحن",
        "proposal.section.next_steps": "الخطوات التالية",
        "proposal.section.cta": "تواصل معنا",
        "proposal.section.documents": "المستندات",
    },
}
