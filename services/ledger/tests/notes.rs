//! Notes, checkpoints and proofs against the C2SP texts and an independent implementation.

mod support;

use proptest::prelude::*;
use sanbian_ledger::{
    checkpoint::{Checkpoint, CheckpointError},
    hash::Hash,
    key::{KeyError, SigningKey, VerifierKey},
    merkle::{CompactRange, ProofError},
    note::{Note, NoteError},
    proof::{TlogProof, TlogProofError},
    reader::LogReader,
};
use signed_note::{StandardSigner, StandardVerifier, VerifierList};
use support::{Published, entry, key};

/// The example that documents Go's note package.
const GO_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const GO_NOTE: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\n\
    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

#[test]
fn the_documented_note_verifies() {
    let key: VerifierKey = GO_KEY.parse().unwrap();
    assert_eq!(key.to_string(), GO_KEY);
    let note: Note = GO_NOTE.parse().unwrap();
    assert_eq!(note.to_string(), GO_NOTE);
    assert!(note.verify(&key).unwrap().starts_with("If you think"));
    let changed: Note = GO_NOTE.replace("answer", "problem").parse().unwrap();
    assert_eq!(changed.verify(&key), Err(NoteError::BadSignature("PeterNeumann".to_owned())));
    assert_eq!(note.verify(support::key().verifier()), Err(NoteError::Unsigned));
}

#[test]
fn malformed_notes_are_refused() {
    for (note, why) in [
        ("", "no newline"),
        ("text\n", "no blank line"),
        ("text\n\n", "no signature"),
        ("text\n\n— name\n", "no bytes"),
        ("text\n\n- name AAAAAAA=\n", "a hyphen for the dash"),
        ("text\n\n— name AAAAAA==\n", "an id and no signature"),
        ("text\n\n— na+me AAAAAAA=\n", "a plus in the name"),
        ("text\n\n— name AAAAAAA\n", "no padding"),
        ("text\n\n— name AAAAAAA=", "no last newline"),
        ("te\txt\n\n— name AAAAAAA=\n", "a control character"),
        ("text\n\n— name AAAAAAA=\n\n", "an empty signature line"),
        ("text\n\n— name AAAAAAA=\nmore\n", "more text"),
    ] {
        assert!(matches!(note.parse::<Note>(), Err(NoteError::Malformed(_))), "{why}");
    }
    let many = format!("text\n\n{}", "— name AAAAAAA=\n".repeat(65));
    assert_eq!(many.parse::<Note>(), Err(NoteError::Malformed("too many signatures")));
}

#[test]
fn keys_that_do_not_hold_together_are_refused() {
    let text = key().verifier().to_string();
    let key = |text: &str| text.parse::<VerifierKey>().unwrap_err();
    assert_eq!(key("name"), KeyError::Form);
    assert_eq!(key(&text.replacen("sanbian", "sanbien", 1)), KeyError::Id);
    assert_eq!(key("a name+00000000+AA"), KeyError::Name("a name".to_owned()));
    assert_eq!(key("name+00000000+BAAA"), KeyError::Algorithm(4));
    assert_eq!(SigningKey::from_seed("a+b", [0; 32]).unwrap_err(), KeyError::Name("a+b".to_owned()));
    assert!(text.parse::<SigningKey>().is_err(), "a verifier key signs nothing");
    let secret = support::key().to_secret_text();
    assert_eq!(secret.parse::<SigningKey>().unwrap().verifier(), support::key().verifier());
    assert!(!format!("{:?}", support::key()).contains("PRIVATE"));
}

#[test]
fn checkpoints_read_back_and_nothing_else_does() {
    let root = Hash::of_leaf(b"");
    let text = Checkpoint::new("sanbian.example/test", 20_852_163, root).to_string();
    assert_eq!(text, format!("sanbian.example/test\n20852163\n{root}\n"));
    assert_eq!(text.parse(), Ok(Checkpoint::new("sanbian.example/test", 20_852_163, root)));
    assert_eq!(tlog_tiles::Checkpoint::from_bytes(text.as_bytes()).unwrap().size(), 20_852_163);
    let extended: Checkpoint = format!("{text}more\n").parse().unwrap();
    assert_eq!(extended.extensions, ["more"]);
    for (malformed, why) in [
        (String::new(), "nothing"),
        (format!("\n1\n{root}\n"), "no origin"),
        (format!("a\n01\n{root}\n"), "a leading zero"),
        (format!("a\n+1\n{root}\n"), "a sign"),
        (format!("a\n18446744073709551616\n{root}\n"), "beyond 64 bits"),
        ("a\n1\n".to_owned(), "no root"),
        ("a\n1\nAAAA\n".to_owned(), "a short root"),
        (format!("a\n1\n{}\n", root.to_string().trim_end_matches('=')), "no padding"),
        (format!("a\n1\n{root}"), "no last newline"),
        (format!("a\n1\n{root}\n\n"), "an empty extension"),
    ] {
        assert!(malformed.parse::<Checkpoint>().is_err(), "{why}");
    }
}

#[test]
fn a_checkpoint_must_be_signed_by_the_log_it_names() {
    let ours = key();
    let root = Hash::of_leaf(b"");
    let note = Checkpoint::signed(5, root, &ours);
    assert_eq!(Checkpoint::open(&note, ours.verifier()).unwrap().size, 5);
    // A witness's line beside it changes nothing.
    let mut cosigned: Note = note.parse().unwrap();
    cosigned.add(GO_NOTE.parse::<Note>().unwrap().signatures()[0].clone());
    assert_eq!(Checkpoint::open(&cosigned.to_string(), ours.verifier()).unwrap().size, 5);
    let foreign = Note::sign(Checkpoint::new("elsewhere.example", 5, root).to_string(), &ours).unwrap().to_string();
    assert!(matches!(Checkpoint::open(&foreign, ours.verifier()), Err(CheckpointError::Origin { .. })));
}

#[test]
fn a_proof_text_holds_on_its_own() {
    let entries: Vec<_> = (0..300).map(entry).collect();
    let published = Published::of(&entries, &key());
    let mut reader = LogReader::open(&published, key().verifier()).unwrap();
    let proof = reader.inclusion(258).unwrap();
    let text = proof.to_string();
    assert!(text.starts_with("c2sp.org/tlog-proof@v1\nindex 258\n"), "{text}");
    let read: TlogProof = text.parse().unwrap();
    assert_eq!(read, proof);
    assert_eq!(read.verify(&entries[258], key().verifier()).unwrap().size, 300);
    let wrong = TlogProofError::Proof(ProofError::WrongRoot);
    assert_eq!(read.verify(&entries[257], key().verifier()), Err(wrong.clone()));
    let elsewhere = TlogProof { index: 257, ..read.clone() };
    assert_eq!(elsewhere.verify(&entries[258], key().verifier()), Err(wrong));
    let extra = TlogProof { extra: Some(b"salt".to_vec()), ..read };
    assert!(extra.to_string().contains("\nextra c2FsdA==\nindex 258\n"));
    assert_eq!(extra.to_string().parse::<TlogProof>(), Ok(extra));
    for (from, to) in [("@v1", "@v2"), ("index 258", "index 0258"), ("index 258", "place 258"), ("=\n", "\n")] {
        assert!(text.replacen(from, to, 1).parse::<TlogProof>().is_err(), "{from} -> {to}");
    }
    // A tree of one entry has an empty proof.
    let published = Published::of(&entries[..1], &key());
    let one = LogReader::open(&published, key().verifier()).unwrap().inclusion(0).unwrap().to_string();
    assert_eq!(one.parse::<TlogProof>().unwrap().verify(&entries[0], key().verifier()).unwrap().size, 1);
}

proptest! {
    #[test]
    fn signed_note_agrees(seed in any::<[u8; 32]>(), body in "[ -~\u{4e00}-\u{4e20}\n]{0,200}", size in any::<u64>()) {
        let key = SigningKey::from_seed("sanbian.example/differential", seed).unwrap();
        let text = format!("{body}\n");
        let ours = Note::sign(text.clone(), &key).unwrap();
        let verifiers = VerifierList::new(vec![Box::new(StandardVerifier::new(&key.verifier().to_string()).unwrap())]);
        let theirs = signed_note::Note::from_bytes(ours.to_string().as_bytes()).unwrap();
        let (verified, _) = theirs.verify(&verifiers).unwrap();
        prop_assert_eq!(verified.len(), 1);

        // Ed25519 is deterministic: what they sign is, byte for byte, what we sign.
        let signer = StandardSigner::new(&key.to_secret_text()).unwrap();
        let mut theirs = signed_note::Note::new(text.as_bytes(), &[]).unwrap();
        theirs.add_sigs(&[&signer]).unwrap();
        prop_assert_eq!(String::from_utf8(theirs.to_bytes()).unwrap(), ours.to_string());
        let read: Note = ours.to_string().parse().unwrap();
        prop_assert_eq!(read.verify(key.verifier()).unwrap(), text);

        let checkpoint = Checkpoint::new("sanbian.example/differential", size, CompactRange::default().root());
        let theirs = tlog_tiles::Checkpoint::from_bytes(checkpoint.to_string().as_bytes()).unwrap();
        prop_assert_eq!(theirs.to_bytes(), checkpoint.to_string().into_bytes());
    }
}
