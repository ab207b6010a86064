//! What generated code writes in one line each: implementations of `Model`, serde and `validator` from a table.

/// serde both ways and `validator::Validate`, from `Model`.
#[doc(hidden)]
#[macro_export]
macro_rules! standard {
    ($model:ident) => {
        impl<'de> $crate::__private::serde::Deserialize<'de> for $model {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::__private::deserialize(deserializer)
            }
        }

        impl $crate::__private::serde::Serialize for $model {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::__private::serialize(self, serializer)
            }
        }

        impl $crate::__private::validator::Validate for $model {
            fn validate(&self) -> ::core::result::Result<(), $crate::__private::validator::ValidationErrors> {
                $crate::__private::validate(self)
            }
        }
    };
}

/// A record: its table, its fields in the order of the table, and behind `;` the map that keeps other properties.
/// `: Default` is for one that `{}` decodes to; `where` names a function of the user's that judges values, with its type for
/// whoever has not written it yet, here and in the macros below: see [`Violations`](crate::Violations).
#[macro_export]
macro_rules! model {
    ($model:ident: Default $(where $judge:ty = $custom:path)?, $($rest:tt)*) => {
        $crate::model! { $model $(where $judge = $custom)?, $($rest)* }
        $crate::defaults! { $model }
    };
    ($model:ident $(where $judge:ty = $custom:path)?, $table:ident, $($field:ident)* $(; $extra:ident)?) => {
        impl $crate::Model for $model {
            fn empty() -> Self {
                Self { $($field: $crate::empty(),)* $($extra: $crate::empty(),)? }
            }

            fn read(&mut self, decoder: &mut $crate::Decoder<'_>) {
                $(let before = $crate::__private::before::<Self>(decoder, $custom);)?
                decoder.record(&$table, &mut [$(&mut self.$field,)* $(&mut self.$extra,)?]);
                $($crate::__private::custom(decoder, before, self, $custom);)?
            }

            fn visit(&self, visitor: &mut dyn $crate::Visitor) {
                visitor.record(&$table, &[$(&self.$field,)* $(&self.$extra,)?]);
                $(visitor.custom(&|found| $crate::__private::ask(self, found, $custom));)?
            }
        }

        $crate::standard! { $model }
    };
}

/// An enumeration of texts; `open` keeps unknown ones in `Other(String)`.
#[macro_export]
macro_rules! choice {
    (open $model:ident $(where $judge:ty = $custom:path)?, $($variant:ident = $text:literal),* $(,)?) => {
        const _: () = {
            static CHOICE: $crate::__private::Choice = $crate::__private::Choice::new(&[$($text),*]);

            impl $model {
                /// Every known value, in the order of the document.
                pub const ALL: &'static [Self] = &[$(Self::$variant),*];

                /// The text that JSON has.
                pub fn as_str(&self) -> &str {
                    match self {
                        $(Self::$variant => $text,)*
                        Self::Other(text) => text,
                    }
                }

                fn known(place: usize) -> ::core::option::Option<Self> {
                    Self::ALL.get(place).cloned()
                }
            }

            impl $crate::Model for $model {
                fn empty() -> Self {
                    Self::Other($crate::empty())
                }

                fn read(&mut self, decoder: &mut $crate::Decoder<'_>) {
$(let before = $crate::__private::before::<Self>(decoder, $custom);)?
                                        match decoder.open_choice(&CHOICE) {
                        ::core::option::Option::Some(::core::result::Result::Ok(place)) => {
                            if let ::core::option::Option::Some(known) = Self::known(place) {
                                *self = known;
                            }
                        }
                        ::core::option::Option::Some(::core::result::Result::Err(text)) => {
                            *self = Self::Other(text);
                        }
                        ::core::option::Option::None => {}
                    }
                    $($crate::__private::custom(decoder, before, self, $custom);)?
                }

                fn visit(&self, visitor: &mut dyn $crate::Visitor) {
                    visitor.str(self.as_str(), &$crate::ANY);
                    $(visitor.custom(&|found| $crate::__private::ask(self, found, $custom));)?
                }
            }

            impl ::core::str::FromStr for $model {
                type Err = ::core::convert::Infallible;

                fn from_str(text: &str) -> ::core::result::Result<Self, ::core::convert::Infallible> {
                    let known = CHOICE.find(text).and_then(Self::known);
                    ::core::result::Result::Ok(known.unwrap_or_else(|| {
                        Self::Other(::core::convert::From::from(text))
                    }))
                }
            }

            impl ::core::fmt::Display for $model {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    f.write_str(self.as_str())
                }
            }
        };

        $crate::standard! { $model }
    };
    ($model:ident $(where $judge:ty = $custom:path)?, $($variant:ident = $text:literal),* $(,)?) => {
        const _: () = {
            static CHOICE: $crate::__private::Choice = $crate::__private::Choice::new(&[$($text),*]);

            impl $model {
                /// Every value, in the order of the document.
                pub const ALL: &'static [Self] = &[$(Self::$variant),*];

                /// The text that JSON has.
                pub fn as_str(&self) -> &'static str {
                    CHOICE.text(*self as usize)
                }
            }

            impl $crate::Model for $model {
                fn empty() -> Self {
                    Self::ALL[0]
                }

                fn read(&mut self, decoder: &mut $crate::Decoder<'_>) {
                    $(let before = $crate::__private::before::<Self>(decoder, $custom);)?
                    if let ::core::option::Option::Some(place) = decoder.choice(&CHOICE) {
                        *self = Self::ALL[place];
                    }
                    $($crate::__private::custom(decoder, before, self, $custom);)?
                }

                fn visit(&self, visitor: &mut dyn $crate::Visitor) {
                    visitor.str(self.as_str(), &$crate::ANY);
                    $(visitor.custom(&|found| $crate::__private::ask(self, found, $custom));)?
                }
            }

            impl ::core::str::FromStr for $model {
                type Err = $crate::UnknownValue;

                fn from_str(text: &str) -> ::core::result::Result<Self, $crate::UnknownValue> {
                    match CHOICE.find(text) {
                        ::core::option::Option::Some(place) => ::core::result::Result::Ok(Self::ALL[place]),
                        ::core::option::Option::None => ::core::result::Result::Err(CHOICE.unknown()),
                    }
                }
            }

            impl ::core::fmt::Display for $model {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    f.write_str(self.as_str())
                }
            }
        };

        $crate::standard! { $model }
    };
}

/// An enumeration of scalars of any kind, by their JSON texts.
#[macro_export]
macro_rules! literals {
    ($model:ident $(where $judge:ty = $custom:path)?, $($variant:ident = $json:literal),* $(,)?) => {
        const _: () = {
            static LITERALS: $crate::__private::Literals = $crate::__private::Literals::new(&[$($json),*]);

            impl $model {
                /// Every value, in the order of the document.
                pub const ALL: &'static [Self] = &[$(Self::$variant),*];

                /// The value as JSON text.
                pub fn as_json(&self) -> &'static str {
                    LITERALS.text(*self as usize)
                }
            }

            impl $crate::Model for $model {
                fn empty() -> Self {
                    Self::ALL[0]
                }

                fn read(&mut self, decoder: &mut $crate::Decoder<'_>) {
                    $(let before = $crate::__private::before::<Self>(decoder, $custom);)?
                    if let ::core::option::Option::Some(place) = decoder.literal(&LITERALS) {
                        *self = Self::ALL[place];
                    }
                    $($crate::__private::custom(decoder, before, self, $custom);)?
                }

                fn visit(&self, visitor: &mut dyn $crate::Visitor) {
                    visitor.literal(self.as_json());
                    $(visitor.custom(&|found| $crate::__private::ask(self, found, $custom));)?
                }
            }
        };

        $crate::standard! { $model }
    };
}

/// A union with a tag: its table, and the variants by the table's numbers; the first is what an empty value is.
#[macro_export]
macro_rules! tagged {
    ($model:ident $(where $judge:ty = $custom:path)?, $table:ident, $first:literal = $empty:ident $($index:literal = $variant:ident)*) => {
        impl $crate::Model for $model {
            fn empty() -> Self {
                Self::$empty($crate::empty())
            }

            fn read(&mut self, decoder: &mut $crate::Decoder<'_>) {
                $(let before = $crate::__private::before::<Self>(decoder, $custom);)?
                let start = decoder.start();
                decoder.tagged(&$table, &mut |decoder, index| match index {
                    $first => *self = Self::$empty($crate::__private::read(decoder, &$crate::ANY)),
                    $($index => *self = Self::$variant($crate::__private::read(decoder, &$crate::ANY)),)*
                    _ => decoder.skip(),
                });
                $table.verify(decoder, start, self);
                $($crate::__private::custom(decoder, before, self, $custom);)?
            }

            fn visit(&self, visitor: &mut dyn $crate::Visitor) {
                match self {
                    Self::$empty(value) => visitor.tagged(&$table, $first, value),
                    $(Self::$variant(value) => visitor.tagged(&$table, $index, value),)*
                }
                $(visitor.custom(&|found| $crate::__private::ask(self, found, $custom));)?
            }

            fn shape(&self, depth: u32) -> $crate::Shape {
                $crate::__private::of_variants(
                    &[&Self::$empty($crate::empty()), $(&Self::$variant($crate::empty()),)*],
                    depth,
                )
            }
        }

        $crate::standard! { $model }
    };
}

/// A union without a tag: its table, and the variants by the table's numbers; the first is what an empty value is.
#[macro_export]
macro_rules! one_of {
    ($model:ident $(where $judge:ty = $custom:path)?, $table:ident, $first:literal = $empty:ident $($index:literal = $variant:ident)*) => {
        impl $crate::Model for $model {
            fn empty() -> Self {
                Self::$empty($crate::empty())
            }

            fn read(&mut self, decoder: &mut $crate::Decoder<'_>) {
                $(let before = $crate::__private::before::<Self>(decoder, $custom);)?
                let start = decoder.start();
                decoder.one_of(&$table, &mut |decoder, index, rule, keep| {
                    let value = match index {
                        $first => Self::$empty($crate::__private::read(decoder, rule)),
                        $($index => Self::$variant($crate::__private::read(decoder, rule)),)*
                        _ => return decoder.skip(),
                    };
                    if keep {
                        *self = value;
                    }
                });
                $table.verify(decoder, start, self);
                $($crate::__private::custom(decoder, before, self, $custom);)?
            }

            fn visit(&self, visitor: &mut dyn $crate::Visitor) {
                match self {
                    Self::$empty(value) => visitor.one_of(&$table, $first, value),
                    $(Self::$variant(value) => visitor.one_of(&$table, $index, value),)*
                }
                $(visitor.custom(&|found| $crate::__private::ask(self, found, $custom));)?
            }

            fn shape(&self, depth: u32) -> $crate::Shape {
                $crate::__private::of_variants(
                    &[&Self::$empty($crate::empty()), $(&Self::$variant($crate::empty()),)*],
                    depth,
                )
            }
        }

        $crate::standard! { $model }
    };
}

/// A tuple: its table, the places of its items, and behind `;` the place of the list that keeps what follows.
#[macro_export]
macro_rules! tuple {
    ($model:ident $(where $judge:ty = $custom:path)?, $table:ident, $($item:tt)* ) => {
        $crate::tuple! { @places [$model $(where $judge = $custom)?], $table, [] $($item)* }
    };
    (@places $model:tt, $table:ident, [$($place:tt)*] ; $rest:tt) => {
        $crate::tuple! { @impl $model, $table, [$($place)* $rest] }
    };
    (@places $model:tt, $table:ident, [$($place:tt)*]) => {
        $crate::tuple! { @impl $model, $table, [$($place)*] }
    };
    (@places $model:tt, $table:ident, [$($place:tt)*] $next:tt $($more:tt)*) => {
        $crate::tuple! { @places $model, $table, [$($place)* $next] $($more)* }
    };
    (@impl [$model:ident $(where $judge:ty = $custom:path)?], $table:ident, [$($place:tt)*]) => {
        impl $crate::Model for $model {
            fn empty() -> Self {
                Self { $($place: $crate::empty(),)* }
            }

            fn read(&mut self, decoder: &mut $crate::Decoder<'_>) {
                $(let before = $crate::__private::before::<Self>(decoder, $custom);)?
                decoder.tuple(&$table, &mut [$(&mut self.$place,)*]);
                $($crate::__private::custom(decoder, before, self, $custom);)?
            }

            fn visit(&self, visitor: &mut dyn $crate::Visitor) {
                visitor.tuple(&$table, &[$(&self.$place,)*]);
                $(visitor.custom(&|found| $crate::__private::ask(self, found, $custom));)?
            }
        }

        $crate::standard! { $model }
    };
}

/// A type of its own for what is elsewhere an alias, with the rule that its value keeps.
#[macro_export]
macro_rules! newtype {
    ($model:ident $(where $judge:ty = $custom:path)?, $rule:expr) => {
        const _: () = {
            static RULE: $crate::Rule = $rule;

            impl $crate::Model for $model {
                fn empty() -> Self {
                    Self($crate::empty())
                }

                fn read(&mut self, decoder: &mut $crate::Decoder<'_>) {
                    $(let before = $crate::__private::before::<Self>(decoder, $custom);)?
                    decoder.value(&mut self.0, &RULE);
                    $($crate::__private::custom(decoder, before, self, $custom);)?
                }

                fn visit(&self, visitor: &mut dyn $crate::Visitor) {
                    $crate::Value::visit(&self.0, visitor, &RULE);
                    $(visitor.custom(&|found| $crate::__private::ask(self, found, $custom));)?
                }

                fn shape(&self, depth: u32) -> $crate::Shape {
                    match depth.checked_sub(1) {
                        ::core::option::Option::Some(depth) => $crate::Value::shape(&self.0, depth),
                        ::core::option::Option::None => $crate::Shape::Any,
                    }
                }
            }
        };

        $crate::standard! { $model }
    };
}

/// `Default` for a model that `{}` decodes to.
#[macro_export]
macro_rules! defaults {
    ($model:ident) => {
        impl ::core::default::Default for $model {
            fn default() -> Self {
                $crate::__private::default()
            }
        }
    };
}

/// Makes a type of the user's a model: it needs `Default`, serde both ways and `validator::Validate`.
#[macro_export]
macro_rules! external {
    ($model:ty) => {
        impl $crate::Model for $model {
            fn empty() -> Self {
                ::core::default::Default::default()
            }

            fn read(&mut self, decoder: &mut $crate::Decoder<'_>) {
                if let ::core::option::Option::Some(value) = decoder.external() {
                    *self = value;
                }
            }

            fn visit(&self, visitor: &mut dyn $crate::Visitor) {
                $crate::__private::visit_external(self, visitor);
            }
        }
    };
}
