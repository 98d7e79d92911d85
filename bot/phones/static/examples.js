// Lines to tap, in the five ways of writing; each means the same in all of them.

export const WRITINGS = [
  { lang: "bn", name: "বাংলা" },
  { lang: "bn-Latn", name: "Bangla" },
  { lang: "hi", name: "हिन्दी" },
  { lang: "hi-Latn", name: "Hindi" },
  { lang: "en", name: "English" },
];

export const LINES = [
  {
    meaning: "When will I get the money?",
    bn: "টাকা কবে পাব?",
    "bn-Latn": "taka kobe pabo",
    hi: "पैसा कब मिलेगा?",
    "hi-Latn": "paisa kab milega",
    en: "When will I get the money?",
  },
  {
    meaning: "I need a lawyer",
    bn: "আমার একজন উকিল লাগবে",
    "bn-Latn": "amar ekjon ukil lagbe",
    hi: "मुझे एक वकील चाहिए",
    "hi-Latn": "mujhe ek vakil chahiye",
    en: "I need a lawyer",
  },
  {
    meaning: "I want to talk to somebody",
    bn: "কারো সাথে কথা বলতে চাই",
    "bn-Latn": "karo sathe kotha bolte chai",
    hi: "किसी से बात करनी है",
    "hi-Latn": "kisi se baat karni hai",
    en: "I want to talk to somebody",
  },
  {
    meaning: "Who is this? (somebody else holds the phone)",
    bn: "এটা কে?",
    "bn-Latn": "eta ke",
    hi: "यह कौन है?",
    "hi-Latn": "yeh kaun hai",
    en: "Who is this?",
  },
  {
    meaning: "I am in danger",
    bn: "আমি বিপদে আছি",
    "bn-Latn": "ami bipode achi",
    hi: "मैं खतरे में हूँ",
    "hi-Latn": "main khatre mein hoon",
    en: "I am in danger",
  },
];
