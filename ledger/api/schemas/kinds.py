"""Which schema each kind of entry's body has, and where each is posted."""

from collections.abc import Mapping
from typing import Final

from ledger.api.schemas.adults import AdultApartSchema, AdultLinkSchema, AdultUnlinkSchema
from ledger.api.schemas.assessments import (
    AssessmentAskedSchema,
    AssessmentReplySchema,
    AssessmentSchema,
    AssessmentSignedSchema,
    SupervisionSchema,
)
from ledger.api.schemas.attachments import AttachmentSchema
from ledger.api.schemas.bodies import BodySchema
from ledger.api.schemas.children import ChildSchema, DetailsSchema, InvolvementSchema
from ledger.api.schemas.concerns import ConcernAnswerSchema, ConcernSchema
from ledger.api.schemas.decisions import (
    ActionSchema,
    AllegationSchema,
    CheckSchema,
    DecisionOverrideSchema,
    DecisionSchema,
    DoneSchema,
    PositionSchema,
)
from ledger.api.schemas.disagreements import (
    DisagreementReplySchema,
    DisagreementSchema,
    DisagreementSettledSchema,
    DisagreementStepUpSchema,
)
from ledger.api.schemas.family import (
    DisputeSchema,
    FamilyNoticeSchema,
    RectificationOutcomeSchema,
    RectificationSchema,
    SubjectAccessSchema,
)
from ledger.api.schemas.glass import GlassReviewSchema, GlassSchema, NamedGlassSchema
from ledger.api.schemas.handovers import HandoverSchema, LeadSchema, ReferralSchema, ReplySchema
from ledger.api.schemas.links import LinkSchema, UnlinkSchema
from ledger.api.schemas.markings import MarkingSchema
from ledger.api.schemas.observations import ContactSchema, CorrectionSchema, ObservationSchema, VoidSchema
from ledger.api.schemas.outcomes import AcknowledgementSchema, AlertActionSchema, AlertSnoozeSchema, OutcomeSchema
from ledger.api.schemas.retention import (
    ErasureAnswerSchema,
    ErasureOrderSchema,
    HoldLiftingSchema,
    HoldSchema,
    RetentionSchema,
)
from ledger.api.schemas.shares import ConsentSchema, InformationAnswerSchema, InformationRequestSchema, ShareSchema
from ledger.api.schemas.summaries import FamilySummaryAnswerSchema, FamilySummarySchema

#: Bodies posted at /children/{id}/<collection>: the collection, the kind of entry, its schema.
OF_A_CHILD: Final[Mapping[str, tuple[str, type[BodySchema]]]] = {
    "details": ("child", DetailsSchema),
    "involvements": ("involvement", InvolvementSchema),
    "leads": ("lead", LeadSchema),
    "links": ("link", LinkSchema),
    "unlinks": ("unlink", UnlinkSchema),
    "adult-links": ("adult_link", AdultLinkSchema),
    "adults-apart": ("adult_apart", AdultApartSchema),
    "adult-unlinks": ("adult_unlink", AdultUnlinkSchema),
    "corrections": ("correction", CorrectionSchema),
    "voids": ("void", VoidSchema),
    "decisions": ("decision", DecisionSchema),
    "decision-overrides": ("decision_override", DecisionOverrideSchema),
    "actions": ("action", ActionSchema),
    "referrals": ("referral", ReferralSchema),
    "handovers": ("handover", HandoverSchema),
    "replies": ("reply", ReplySchema),
    "done": ("done", DoneSchema),
    "checks": ("check", CheckSchema),
    "positions": ("position", PositionSchema),
    "allegations": ("allegation", AllegationSchema),
    "contacts": ("contact", ContactSchema),
    "markings": ("marking", MarkingSchema),
    "shares": ("share", ShareSchema),
    "information-requests": ("information_request", InformationRequestSchema),
    "information-answers": ("information_answer", InformationAnswerSchema),
    "consents": ("consent", ConsentSchema),
    "disputes": ("dispute", DisputeSchema),
    "rectifications": ("rectification", RectificationSchema),
    "rectification-outcomes": ("rectification_outcome", RectificationOutcomeSchema),
    "disagreements": ("disagreement", DisagreementSchema),
    "disagreement-replies": ("disagreement_reply", DisagreementReplySchema),
    "disagreement-step-ups": ("disagreement_step_up", DisagreementStepUpSchema),
    "disagreement-settlements": ("disagreement_settled", DisagreementSettledSchema),
    "assessments": ("assessment", AssessmentSchema),
    "assessment-requests": ("assessment_asked", AssessmentAskedSchema),
    "assessment-replies": ("assessment_reply", AssessmentReplySchema),
    "assessment-signatures": ("assessment_signed", AssessmentSignedSchema),
    "supervisions": ("supervision", SupervisionSchema),
    "concerns": ("concern", ConcernSchema),
    "concern-answers": ("concern_answer", ConcernAnswerSchema),
    "family-summaries": ("family_summary", FamilySummarySchema),
    "family-summary-answers": ("family_summary_answer", FamilySummaryAnswerSchema),
    "glass-breakings": ("glass", GlassSchema),
    "glass-reviews": ("glass_review", GlassReviewSchema),
    "retentions": ("retention", RetentionSchema),
    "holds": ("hold", HoldSchema),
    "hold-liftings": ("hold_lifting", HoldLiftingSchema),
    "erasure-orders": ("erasure_order", ErasureOrderSchema),
    "erasure-answers": ("erasure_answer", ErasureAnswerSchema),
}

#: Every body that can be sent.
ALL_BODIES: Final[tuple[type[BodySchema], ...]] = (
    ObservationSchema,
    ChildSchema,
    AcknowledgementSchema,
    AlertActionSchema,
    AlertSnoozeSchema,
    OutcomeSchema,
    AttachmentSchema,
    NamedGlassSchema,
    SubjectAccessSchema,
    FamilyNoticeSchema,
    *(schema for _kind, schema in OF_A_CHILD.values()),
)
