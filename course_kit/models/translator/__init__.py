"""A translator after GNMT, in small: English numbers, amounts, measures and dates to Russian and Polish; and a talker.

python -m course_kit.models.translator train                     teach one, in minutes
python -m course_kit.models.translator evaluate                  the kit's own, on held-out pairs
from course_kit.models.translator.translating import translate   translate(["two roubles"], "ru")
from course_kit.models.translator.responder import Conversation
"""
