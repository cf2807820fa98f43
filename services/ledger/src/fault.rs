//! Where the sequencer and the publisher can fail. Tests strike there; in service nothing does.
//!
//! Each step can fail before it was done (*failed*) and after (*failed, but persisted*: the answer was lost, the work was not).

/// A step of the log's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Taking entries out of the outbox.
    Take,
    /// Giving them indices.
    Insert,
    /// Staging the tiles they change.
    Stage,
    /// Swapping the checkpoint for the new one.
    Swap,
    /// Committing all of these.
    Commit,
    /// Writing one tile or bundle to the public store.
    PutTile,
    /// Writing the checkpoint to the public store.
    PutCheckpoint,
    /// Removing partial tiles that full ones have replaced.
    Prune,
}

/// When a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum When {
    /// The step was not done.
    Before,
    /// The step was done; its success was not learnt of.
    After,
}

/// Decides whether a step fails.
pub trait Faults: Send + Sync + 'static {
    /// An error makes the step fail.
    ///
    /// # Errors
    /// The fault.
    fn strike(&self, step: Step, when: When) -> anyhow::Result<()>;
}

/// Nothing fails by itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFaults;

impl Faults for NoFaults {
    fn strike(&self, _: Step, _: When) -> anyhow::Result<()> {
        Ok(())
    }
}

/// Runs a step between its two points of failure.
pub(crate) async fn step<T, E: Into<anyhow::Error>>(
    faults: &dyn Faults,
    step: Step,
    work: impl Future<Output = Result<T, E>>,
) -> anyhow::Result<T> {
    faults.strike(step, When::Before)?;
    let done = work.await.map_err(Into::into)?;
    faults.strike(step, When::After)?;
    Ok(done)
}
